#include "base/disk.hpp"
#include "base/error.hpp"
#include "base/printable.hpp"
#include "cli/run.hpp"
#include "cli/sending.hpp"
#include "cli/workspace.hpp"
#include "deploy/history.hpp"
#include "deploy/saved_plan.hpp"

namespace flowship::cli {

ExitCode run_deploy(const Invocation& invocation) {
  Options options = invocation.options;
  deploy::DeployOptions deploy_options = options.deploy;
  deploy_options.flows = options.arguments;
  if (!options.plan_file.empty()) {
    if (!options.revision.empty() || !options.arguments.empty()) {
      throw usage_error("a saved plan says itself what is deployed", "leave out --rev and the flows");
    }
    const std::optional<std::string> text = read_file(options.plan_file);
    if (!text) throw usage_error("there is no file " + printable(options.plan_file));
    deploy_options.saved_plan = *text;
    options.revision = deploy::target_of_saved_plan(*text);
  }
  const git::Repository repository = open_repository(options);
  deploy::Workspace workspace(repository, chosen_revision(repository, options), options.config_file,
                              options.environment);
  return send(workspace, deploy_options, invocation);
}

ExitCode run_rollback(const Invocation& invocation) {
  const Options& options = invocation.options;
  if (options.arguments.size() > 1) throw usage_error("rollback takes one record at most");
  const git::Repository repository = open_repository(options);
  deploy::Workspace workspace(repository, chosen_revision(repository, options), options.config_file,
                              options.environment);
  workspace.ledger.fetch();
  const std::string name = options.arguments.empty() ? std::string() : options.arguments.front();
  workspace.use_deployed(deploy::find_record(workspace.ledger, name), deploy::Workspace::Overrides::of_entry);
  return send(workspace, options.deploy, invocation);
}

ExitCode run_promote(const Invocation& invocation) {
  const Options& options = invocation.options;
  if (options.from.empty() || options.environment.empty()) {
    throw usage_error("promote takes from one environment to another",
                      "flowship promote --from staging --to production");
  }
  const git::Repository repository = open_repository(options);
  deploy::Workspace workspace(repository, chosen_revision(repository, options), options.config_file,
                              options.environment);
  deploy::Ledger source(repository, workspace.config.environment(options.from));
  source.fetch();
  const std::optional<deploy::LedgerEntry> head = source.head();
  if (!head) throw Error("nothing was ever deployed to `" + options.from + "`");
  if (head->record.kind == deploy::RecordKind::intent) {
    throw Error(
        "a deployment to `" + options.from + "` is under way or was interrupted: " + deploy::holder_text(head->record),
        "let it finish first", Fault::held);
  }
  workspace.use_deployed(*head, deploy::Workspace::Overrides::of_environment);
  return send(workspace, options.deploy, invocation);
}

}  // namespace flowship::cli
