#include "daemon/jobs/job_workspace.hpp"

#include "base/error.hpp"
#include "deploy/apply/pushed.hpp"
#include "deploy/config/ledger_refs.hpp"

#include <algorithm>
#include <chrono>

namespace flowship::daemon {

namespace {

/// Rate limits are waited out, however long that takes; stopping ends the wait.
constexpr std::chrono::hours kLongestWait{24};
/// What is left of `shutdown` when requests in flight are broken off, to record that.
constexpr std::chrono::seconds kTimeToRecord{3};
/// A fetch or push of a shared ledger holds a thread.
constexpr std::chrono::minutes kGitLimit{1};

/// The configuration of a commit, where the operator says that it is. A shared ledger lies at the repository's own
/// `url`, which is the mirror's `origin`, whatever remote of other clones flowship.json names.
deploy::Config config_of(const git::Revision& revision, const EnvironmentConfig& chosen) {
  deploy::Config config = chosen.config_path.empty() ? deploy::load_config(revision, std::nullopt)
                                                     : deploy::load_config_at(revision, chosen.config_path);
  for (auto& [name, environment] : config.environments) {
    if (!environment.ledger_remote.empty()) environment.ledger_remote = "origin";
    environment.ledger_sign = name == chosen.name && chosen.sign;
  }
  return config;
}

/// The branches of the mirror follow the repository, so a ledger among them has to be the repository's as well.
void require_own_ledger(const deploy::Environment& environment) {
  if (environment.ledger_ref.starts_with(deploy::kLedgerRefs) || !environment.ledger_remote.empty()) return;
  throw Error("the daemon keeps a ledger that is not shared under refs/flowship/ only",
              "remove `ledger.ref`, or set `ledger.remote`", Fault::invalid);
}

void require_project(const deploy::Environment& environment, const EnvironmentConfig& config) {
  if (config.project_id.empty() || config.project_id == environment.project_id) return;
  throw Error("flowship.json deploys `" + environment.name + "` to project " +
                  (environment.project_id.empty() ? "(none)" : environment.project_id) +
                  ", but flowshipd.json only allows project " + config.project_id,
              "correct `projectId` in one of the two", Fault::invalid);
}

/// The other environments of the repository: those of the default branch's flowship.json, and those that flowshipd.json
/// has. What can't be read counts as unknown only if the operator and the usual place say all that is needed.
deploy::Config known_others(const git::Repository& mirror, const deploy::Environment& environment,
                            const EnvironmentConfig& chosen) {
  deploy::Config known;
  const std::optional<git::Revision> tip = deploy::tip_of_default_branch(mirror);
  try {
    if (tip) known = config_of(*tip, chosen);
    for (const auto& [name, path] : chosen.others) {
      if (path == chosen.config_path || !tip) continue;
      const std::string file = path.empty() ? deploy::kConfigFile : path;
      if (!tip->read_path(file, kConfigLimit)) continue;
      const deploy::Config others = deploy::load_config_at(*tip, file);
      if (const auto found = others.environments.find(name); found != others.environments.end()) {
        known.environments.insert_or_assign(name, found->second);
      }
    }
  } catch (const Error&) {
    const bool is_usual = environment.ledger_ref == deploy::usual_ledger_ref(environment.name);
    if (chosen.project_id.empty() || !is_usual) throw;
  }
  for (const auto& [name, path] : chosen.others) {
    deploy::Environment other;
    other.name = name;
    other.ledger_ref = deploy::usual_ledger_ref(name);
    known.environments.emplace(name, std::move(other));
  }
  return known;
}

git::Repository open_mirror(const JobContext& job_context) {
  git::Repository mirror = git::Repository::open(job_context.mirror.folder());
  mirror.end_git_on(job_context.cut);
  return mirror;
}

}  // namespace

JobWorkspace::JobWorkspace(const Target& target, const JobContext& context_of_job)
    : job_context(context_of_job),
      repository(open_mirror(job_context)),
      workspace(repository, config_of(git::Revision::of_commit(repository, target.commit), job_context.environment),
                git::Revision::of_commit(repository, target.commit), job_context.environment.name) {
  require_own_ledger(workspace.environment);
  require_project(workspace.environment, job_context.environment);
  const deploy::Config known = known_others(repository, workspace.environment, job_context.environment);
  // Without the operator's word, flowship.json of the default branch says whose project it is.
  if (job_context.environment.project_id.empty()) deploy::expect_no_others_project(known, workspace.environment);
  deploy::expect_no_others_ledger(known, workspace.environment);
  // As the operator decided, whatever the pushed flowship.json says.
  workspace.environment.branch = target.branch;
}

deploy::DeployOptions JobWorkspace::options() const {
  deploy::DeployOptions options;
  options.connection.base_url = job_context.environment.base_url;
  options.connection.key_file = job_context.environment.key_file;
  options.connection.ca_file = job_context.environment.ca_file;
  options.connection.retry.longest_wait = kLongestWait;
  options.connection.git_limit = kGitLimit;
  // Whoever runs the job shares it again, and gives the thread back in between.
  options.share_wait = std::chrono::milliseconds(0);
  // The mirror may be behind the repository, where another daemon has deployed a newer commit.
  options.target =
      deploy::TargetRules{.is_head = false, .any_branch = false, .allow_older = false, .skip_superseded = true};
  if (const auto shutdown = job_context.shutdown) {
    options.grace = std::max<std::chrono::milliseconds>(*shutdown - kTimeToRecord, *shutdown / 2);
  }
  options.lease.takes_over_own = job_context.takes_over_own;
  // Only this daemon writes an unshared ledger.
  options.lease.is_only_deployer = !workspace.ledger.is_shared();
  return options;
}

deploy::Context JobWorkspace::context() const {
  return {.clock = job_context.clock,
          .stop = job_context.stop,
          .progress = job_context.progress,
          .variables = deploy::process_variable,
          .addresses = job_context.addresses};
}

}  // namespace flowship::daemon
