#include "cli/workspace.hpp"

#include "base/error.hpp"
#include "base/text/printable.hpp"
#include "cli/run.hpp"
#include "deploy/apply/rollback.hpp"
#include "deploy/config/credentials.hpp"
#include "deploy/config/unmatched_sources.hpp"
#include "deploy/ledger/earlier_records.hpp"
#include "deploy/ledger/history.hpp"
#include "deploy/ledger/last_known.hpp"
#include "deploy/plan/planner.hpp"

#include <filesystem>
#include <ostream>
#include <utility>

namespace flowship::cli {

git::Repository open_repository(const Options& options) { return git::Repository::open(options.repository); }

git::Revision chosen_revision(const git::Repository& repository, const Options& options) {
  const int chosen = (options.revision.empty() ? 0 : 1) + (options.staged ? 1 : 0) + (options.worktree ? 1 : 0);
  if (chosen > 1) throw usage_error("--rev, --staged and --worktree are mutually exclusive");
  if ((options.staged || options.worktree) && repository.is_bare()) {
    throw usage_error("a bare repository has no index or working tree", "name a commit with --rev");
  }
  if (options.staged) return git::Revision::of_index(repository);
  if (options.worktree) return git::Revision::of_worktree(repository);
  return git::Revision::of_commit(repository, repository.commit(options.revision.empty() ? "HEAD" : options.revision));
}

namespace {

/// Whether flowship.json in the working tree has an environment of that name.
bool is_uncommitted_environment(const git::Repository& repository, const Options& options, const std::string& name) {
  if (repository.is_bare() || options.worktree || name.empty()) return false;
  try {
    const git::Revision worktree = git::Revision::of_worktree(repository);
    return deploy::load_config(worktree, options.config_file).environments.contains(name);
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

deploy::Workspace open_workspace(const git::Repository& repository, const Options& options) {
  return open_workspace(repository, options, chosen_revision(repository, options));
}

deploy::Workspace open_workspace(const git::Repository& repository, const Options& options, git::Revision revision) {
  const std::optional<std::string> usual = deploy::process_variable("FLOWSHIP_ENV");
  const bool is_usual = options.environment.empty() && usual;
  const std::string& name = is_usual ? *usual : options.environment;
  try {
    deploy::Config config = deploy::load_config(revision, options.config_file);
    deploy::hold_keys_of(config, deploy::process_variable);
    return {repository, std::move(config), revision, name};
  } catch (Error& error) {
    if (error.fault() == Fault::usage && is_uncommitted_environment(repository, options, name)) {
      throw usage_error(error.message(), std::string(deploy::kConfigFile) +
                                             " in the working tree has it; commit that file, or pass --worktree to "
                                             "a command that takes it");
    }
    if (is_usual && error.fault() == Fault::usage) error.within("FLOWSHIP_ENV");
    throw;
  }
}

Opened::Opened(const Options& options)
    : repository(open_repository(options)), workspace(open_workspace(repository, options)) {
  deploy::expect_own_project(workspace.config, workspace.environment, deploy::process_variable);
  if (options.accept_rewritten_ledger) workspace.ledger.accept_rewritten();
}

std::vector<std::string> environment_names(const Options& options) {
  std::vector<std::string> names;
  try {
    const git::Repository repository = open_repository(options);
    const git::Revision revision = repository.is_bare()
                                       ? git::Revision::of_commit(repository, repository.commit("HEAD"))
                                       : git::Revision::of_worktree(repository);
    for (const auto& [name, environment] : deploy::load_config(revision, options.config_file).environments) {
      names.push_back(name);
    }
  } catch (const Error&) {
    names.clear();
  }
  return names;
}

std::string path_from_root(const git::Repository& repository, const Options& options, const std::string& path) {
  namespace fs = std::filesystem;
  if (path.empty()) throw usage_error("empty path", "name a file or a directory; `.` is the current directory");
  if (repository.is_bare()) return path;
  const fs::path root = fs::weakly_canonical(repository.work_directory());
  const fs::path here = fs::weakly_canonical(options.repository);
  // GIT_DIR, say, may lead to a repository somewhere else.
  const bool is_inside = !here.lexically_relative(root).native().starts_with("..");
  std::string result = ((is_inside ? here : root) / path).lexically_normal().lexically_relative(root).string();
  if (result == ".." || result.starts_with("../")) {
    throw usage_error("`" + printable(path) + "` is outside the repository");
  }
  return result;
}

void warn_of_unmatched_sources(const Invocation& invocation, const git::Revision& revision,
                               const deploy::Config& config) {
  for (const deploy::UnmatchedSource& source : deploy::unmatched_sources(revision, config.all_sources())) {
    warn(invocation, source.sentence + (source.guess.empty() ? "" : "; " + source.guess));
  }
}

void expect_earlier_records(const Invocation& invocation, deploy::Workspace& workspace) {
  // What is there is read later, and refused if it is no ledger.
  if (workspace.repository.ref(workspace.ledger.ref())) return;
  const deploy::Environment& environment = workspace.environment;
  const std::optional<deploy::EarlierRecords> earlier =
      deploy::earlier_records(workspace.repository, workspace.config, environment,
                              deploy::project_id_of(environment, deploy::process_variable));
  if (!earlier) return;
  // Another machine may have carried them over. That it can't be reached is reported later.
  deploy::fetch_if_reachable(workspace.ledger);
  if (workspace.repository.ref(workspace.ledger.ref())) return;
  const std::string& ref = workspace.ledger.ref();
  if (earlier->environment == environment.name) {
    throw Error(
        "the ledger " + ref + " has no entries, but " + earlier->ref + " has deployments to `" + environment.name +
            "`; nothing was sent",
        "carry them over: git update-ref " + ref + " " + earlier->ref + " && git update-ref -d " + earlier->ref);
  }
  warn(invocation, "the first deployment to `" + environment.name + "` does not go on from those to `" +
                       earlier->environment + "` (" + earlier->ref +
                       "), an environment of the same project that is not configured: what the service has already is "
                       "recorded, and console edits that were made since are drift");
}

report::Validation with_texts(deploy::Validated validated, const git::Revision& revision) {
  const auto text_of = [&revision](const std::string& path) -> std::optional<std::string> {
    try {
      return revision.read_path(path);
    } catch (const Error&) {
      // A symbolic link, say: the finding says so, and there is no line to show.
      return std::nullopt;
    }
  };
  return {.flows = validated.flows(), .findings = std::move(validated.findings), .text_of = text_of};
}

std::vector<std::string> use_record(deploy::Workspace& workspace, const deploy::PlanRequest& request) {
  if (!request.record.empty() && !request.to_before.empty()) {
    throw usage_error("a record is either deployed again or undone",
                      "name one record: to deploy again, or after --to-before");
  }
  if (!request.record.empty()) {
    workspace.use_deployed(
        deploy::find_record(workspace.ledger, workspace.environment.name_in_commands(), request.record),
        deploy::Workspace::Overrides::of_entry);
  }
  if (request.to_before.empty()) return request.flows;
  if (!request.flows.empty()) throw usage_error("--to-before undoes a whole deployment", "name no flows");
  return deploy::use_before(
      workspace, deploy::find_record(workspace.ledger, workspace.environment.name_in_commands(), request.to_before));
}

}  // namespace flowship::cli
