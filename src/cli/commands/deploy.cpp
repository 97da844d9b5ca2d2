#include "base/error.hpp"
#include "base/files/files.hpp"
#include "base/text/printable.hpp"
#include "cli/commands/sending.hpp"
#include "cli/run.hpp"
#include "cli/workspace.hpp"
#include "deploy/config/credentials.hpp"
#include "deploy/lease/lease_watch.hpp"
#include "deploy/lease/result_sharing.hpp"
#include "deploy/ledger/history.hpp"
#include "deploy/ledger/last_known.hpp"
#include "deploy/plan/planner.hpp"
#include "deploy/plan/saved_plan.hpp"

namespace flowship::cli {

namespace {

deploy::SavedPlan saved_plan(const Options& options) {
  if (!options.revision.empty() || !options.arguments.empty() || options.deploy.request.prune ||
      options.deploy.request.max_deletes) {
    throw usage_error("--plan deploys what the saved plan says", "remove --rev, --prune, --max-deletes and the flows");
  }
  const std::optional<std::string> text = read_file(options.plan_file);
  if (!text) throw usage_error("no such file: " + printable(options.plan_file));
  deploy::SavedPlan saved = deploy::read_saved_plan(*text);
  if (!options.environment.empty() && options.environment != saved.environment) {
    throw usage_error("the saved plan is for environment `" + printable(saved.environment) + "`", "remove --env");
  }
  return saved;
}

/// What an earlier deployment from here could not share is one of the records.
void fetch_and_share(deploy::Ledger& ledger, const git::Repository& repository, const Invocation& invocation) {
  ledger.fetch();
  deploy::share_pending(ledger, repository, invocation.clock);
}

/// What deploys or undoes the same record again: the default one is another after a deployment.
std::string rollback_command(const deploy::PlanRequest& request) {
  return request.to_before.empty() ? "rollback " + request.record : "rollback --to-before " + request.to_before;
}

/// Deploys a record, looked up in the ledger as it is now.
ExitCode send_record(deploy::Workspace& workspace, const deploy::PlanRequest& request, deploy::DeployOptions options,
                     const Invocation& invocation) {
  fetch_and_share(workspace.ledger, workspace.repository, invocation);
  workspace.ledger.fetch_older();
  options.request.flows = use_record(workspace, request);
  return send(workspace, options, invocation, rollback_command(request));
}

ExitCode deploy_once(const Invocation& invocation) {
  Options options = invocation.options;
  deploy::PlanRequest request = options.deploy.request;
  request.flows = options.arguments;
  if (!options.plan_file.empty()) {
    const deploy::SavedPlan& saved = options.deploy.saved_plan.emplace(saved_plan(options));
    options.environment = saved.environment;
    request = saved.request;
    // If this is a different commit by now, the plan no longer matches and is refused.
    options.revision = request.revision;
  }
  Opened opened(options);
  deploy::Workspace& workspace = opened.workspace;
  if (request.record.empty() && request.to_before.empty()) {
    warn_of_unmatched_sources(invocation, workspace.revision, workspace.config);
    expect_earlier_records(invocation, workspace);
    options.deploy.request.flows = request.flows;
    options.deploy.target = options.target;
    options.deploy.target->is_head = options.revision.empty();
    const std::optional<Error> wrong_branch =
        deploy::wrong_branch(workspace, *options.deploy.target, options.deploy.connection.git_limit);
    if (wrong_branch) throw *wrong_branch;
    return send(workspace, options.deploy, invocation);
  }
  return send_record(workspace, request, options.deploy, invocation);
}

ExitCode rollback_once(const Invocation& invocation) {
  const Options& options = invocation.options;
  // Mostly a variable that a script did not set.
  if (!options.arguments.empty() && options.arguments.front().empty()) {
    throw usage_error("the record is empty", "name one, or leave it out to go back to the deployment before the last");
  }
  Opened opened(options);
  deploy::Workspace& workspace = opened.workspace;
  expect_earlier_records(invocation, workspace);
  deploy::PlanRequest request = options.deploy.request;
  request.to_before = options.to_before;
  if (!options.arguments.empty()) request.record = options.arguments.front();
  if (request.record.empty() && request.to_before.empty()) {
    fetch_and_share(workspace.ledger, workspace.repository, invocation);
    workspace.ledger.fetch_older();
    request.record =
        deploy::find_record(workspace.ledger, workspace.environment.name_in_commands(), {}).commit.abbreviated();
  }
  return send_record(workspace, request, options.deploy, invocation);
}

ExitCode promote_once(const Invocation& invocation) {
  const Options& options = invocation.options;
  const bool has_target = !options.environment.empty() || deploy::process_variable("FLOWSHIP_ENV");
  if (options.from.empty() || !has_target) {
    throw usage_error("promote needs --from and --to", "flowship promote --from staging --to production");
  }
  Opened opened(options);
  deploy::Workspace& workspace = opened.workspace;
  if (workspace.environment.name == options.from) {
    throw usage_error("--from and --to are the same environment, `" + printable(options.from) + "`",
                      "name the environment to deploy to with --to");
  }
  expect_earlier_records(invocation, workspace);
  deploy::Ledger source(opened.repository, workspace.config.environment(options.from));
  if (options.accept_rewritten_ledger) source.accept_rewritten();
  fetch_and_share(source, opened.repository, invocation);
  const std::optional<deploy::LedgerEntry> head = source.head();
  if (!head) throw Error("nothing has been deployed to `" + options.from + "`");
  if (head->record.phase == deploy::Phase::intent) {
    throw Error(
        "a deployment to `" + options.from + "` is running or was interrupted: " + deploy::holder_text(head->record),
        "let it finish first", Fault::held);
  }
  workspace.use_deployed(*head, deploy::Workspace::Overrides::of_environment);
  return send(workspace, options.deploy, invocation, "promote --from " + options.from);
}

/// Whether another deployment holds the environment, according to the ledger.
bool is_held(const Invocation& invocation) {
  Opened opened(invocation.options);
  deploy::fetch_if_reachable(opened.workspace.ledger);
  const std::optional<deploy::LedgerEntry> head = opened.workspace.ledger.head();
  return head && head->record.phase == deploy::Phase::intent &&
         !deploy::is_abandoned(opened.repository, opened.workspace.ledger, *head, invocation.options.deploy.lease);
}

/// Each attempt opens and fetches everything anew: what was planned while waiting may be superseded.
ExitCode wait_and_send(const Invocation& invocation, ExitCode (*attempt)(const Invocation&)) {
  return retry_while_held(
      invocation.clock, invocation.options.lock_wait, invocation.err, [&] { return attempt(invocation); },
      [&] { return is_held(invocation); });
}

}  // namespace

ExitCode run_deploy(const Invocation& invocation) { return wait_and_send(invocation, deploy_once); }

ExitCode run_rollback(const Invocation& invocation) { return wait_and_send(invocation, rollback_once); }

ExitCode run_promote(const Invocation& invocation) { return wait_and_send(invocation, promote_once); }

}  // namespace flowship::cli
