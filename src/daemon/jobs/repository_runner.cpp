#include "daemon/jobs/repository_runner.hpp"

#include "base/error.hpp"
#include "check/rules/secrets.hpp"
#include "daemon/jobs/backoff.hpp"
#include "deploy/config/config.hpp"
#include "git/remote/host.hpp"
#include "git/repository.hpp"
#include "git/revision.hpp"

#include <exception>
#include <utility>

namespace flowship::daemon {

namespace {

constexpr std::chrono::seconds kFirstFetchPause{1};

DefaultBranch read_default_branch(const git::Repository& repository, const std::string& name, const git::ObjectId& tip,
                                  const std::string& path) {
  DefaultBranch read{.name = name, .tip = tip, .branches = {}, .broken = {}};
  if (!path.empty()) read.file = path;
  try {
    const git::Revision revision = git::Revision::of_commit(repository, tip);
    const deploy::Config config =
        path.empty() ? deploy::load_config(revision, std::nullopt) : deploy::load_config_at(revision, path);
    for (const auto& [environment, facts] : config.environments) {
      if (!facts.branch.empty()) read.branches.emplace(environment, facts.branch);
    }
  } catch (const Error& error) {
    read.broken = error.message();
  }
  return read;
}

/// Runs `work`, and returns its error message; empty on success.
template <typename Work>
std::string failure_of(const Work& work) {
  try {
    work();
    return {};
  } catch (const Error& error) {
    return error.message();
  } catch (const std::exception& error) {
    return std::string("unexpected error: ") + error.what();
  }
}

}  // namespace

RepositoryRunner::RepositoryRunner(RepositoryConfig config, const std::filesystem::path& data,
                                   std::chrono::milliseconds drift_check, const Shared& shared)
    : config_(std::move(config)),
      shared_(shared),
      log_(shared.log.with({{"repository", config_.name}})),
      mirror_(data / "mirrors" / (config_.name + ".git"), config_.url, stop_),
      fetches_(
          shared.fetches, [this] { step(); }, git::server_of(config_.url)) {
  mirror_.clear_locks();
  for (const auto& [name, environment] : config_.environments) {
    workers_.push_back(std::make_unique<EnvironmentWorker>(EnvironmentId{config_.name, name}, environment, mirror_,
                                                           shared_, drift_check,
                                                           [this](EnvironmentWorker::MirrorFault fault) {
                                                             if (fault == EnvironmentWorker::MirrorFault::unreadable)
                                                               mirror_.suspect();
                                                             fetch_soon(Trigger::poll);
                                                           }));
  }
  fetch_soon(Trigger::start);
}

RepositoryRunner::~RepositoryRunner() { stop(); }

void RepositoryRunner::stop() {
  stop_.request();
  for (const auto& worker : workers_) worker->stop();
  // Whoever asked for a fetch before has done so now.
  const std::lock_guard lock(mutex_);
}

bool RepositoryRunner::has_ended() const {
  return !fetches_.is_running() &&
         std::all_of(workers_.begin(), workers_.end(), [](const auto& worker) { return worker->has_ended(); });
}

void RepositoryRunner::set_drift_check(std::chrono::milliseconds interval) {
  for (const auto& worker : workers_) worker->set_drift_check(interval);
}

void RepositoryRunner::fetch_soon(Trigger trigger) {
  const std::lock_guard lock(mutex_);
  if (stop_.requested()) return;
  asked_ = trigger;
  // Before all polls.
  fetches_.run_at(Ticks{});
}

EnvironmentWorker* RepositoryRunner::worker(const std::string& environment) {
  for (const auto& worker : workers_) {
    if (worker->id().environment == environment) return worker.get();
  }
  return nullptr;
}

void RepositoryRunner::step() {
  if (stop_.requested()) return;
  std::optional<Trigger> trigger;
  {
    const std::lock_guard lock(mutex_);
    trigger = std::exchange(asked_, std::nullopt);
  }
  fetch(trigger.value_or(Trigger::poll));
}

void RepositoryRunner::fetch(Trigger trigger) {
  std::string why = failure_of([&] {
    for (const std::string& note : mirror_.fetch()) log_.warning(note);
    mirror_.tidy();
  });
  if (stop_.requested()) return;
  // At the start, branches fetched earlier count too, so that interrupted work continues.
  if (why.empty() || !has_offered_) {
    const std::string unreadable = failure_of([&] { offer_all(trigger); });
    if (why.empty() && !unreadable.empty()) {
      why = unreadable;
      mirror_.suspect();
    }
  }
  note_fetch(why);
  const bool polls = config_.poll.count() > 0;
  const std::chrono::milliseconds longest =
      polls ? std::max<std::chrono::milliseconds>(config_.poll, kFirstFetchPause) : kLongestPause;
  const std::chrono::milliseconds pause = failures_ == 0 ? config_.poll : backoff(failures_, kFirstFetchPause, longest);
  if (failures_ > 0 || polls) fetches_.run_at(shared_.clock.ticks() + pause);
}

void RepositoryRunner::note_fetch(const std::string& failure) {
  if (failure.empty()) {
    if (failures_ > 0) log_.info("fetching works again");
    failures_ = 0;
    shared_.status_store.fetched(config_.name, shared_.clock.now());
  } else {
    ++failures_;
    log_.error("fetch failed", {{"error", failure}, {"failures", std::to_string(failures_)}});
    shared_.status_store.fetch_failed(config_.name, failure, shared_.clock.now());
  }
  for (const auto& worker : workers_) worker->set_remote_away(!failure.empty());
}

void RepositoryRunner::offer_all(Trigger trigger) {
  const auto in_use = mirror_.in_use();
  const std::map<std::string, git::ObjectId> heads = mirror_.heads();
  const git::Repository repository = git::Repository::open(mirror_.folder());
  const std::string default_name = mirror_.default_branch();
  const auto default_tip = heads.find(default_name);
  for (const auto& [name, environment] : config_.environments) {
    DefaultBranch& known = default_branches_[environment.config_path];
    if (default_tip == heads.end()) {
      known = {.name = default_name, .tip = {}, .branches = {}, .broken = {}};
    } else if (default_name != known.name || default_tip->second != known.tip) {
      known = read_default_branch(repository, default_name, default_tip->second, environment.config_path);
    }
  }
  has_offered_ = !heads.empty();
  shared_.status_store.default_branch_known(config_.name, default_name);
  for (const auto& worker : workers_) {
    const EnvironmentId& id = worker->id();
    BranchMapping& known = mappings_[id.environment];
    const EnvironmentConfig& environment = config_.environments.at(id.environment);
    BranchMapping now = branch_of(id.environment, environment.branch, heads,
                                  default_branches_.at(environment.config_path), known.branch);
    if (now.branch != known.branch || now.why_not != known.why_not) {
      now.branch.empty()
          ? log_.warning("no branch deploys the environment", {{"environment", id.environment}, {"why", now.why_not}})
          : log_.info("branch deploys the environment", {{"environment", id.environment}, {"branch", now.branch}});
      shared_.status_store.branch_mapped(id, now, shared_.clock.now());
    }
    known = std::move(now);
    if (known.branch.empty()) continue;
    const git::ObjectId& tip = heads.at(known.branch);
    const git::CommitFacts facts = repository.facts(tip);
    worker->offer({.commit = tip,
                   .branch = known.branch,
                   .subject = check::with_message_masked(facts.subject),
                   .author = check::with_message_masked(facts.author)},
                  trigger);
  }
}

}  // namespace flowship::daemon
