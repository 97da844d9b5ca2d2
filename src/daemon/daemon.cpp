#include "daemon/daemon.hpp"

#include "base/error.hpp"
#include "base/files/file_error.hpp"
#include "base/files/rooted_files.hpp"
#include "base/random.hpp"
#include "base/text/printable.hpp"
#include "daemon/http/routes.hpp"
#include "daemon/http/serving.hpp"
#include "git/remote/host.hpp"
#include "net/server.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace flowship::daemon {

namespace {

constexpr std::chrono::milliseconds kPollInterval{20};
constexpr std::size_t kFormSecretSize = 32;
/// A fetch that takes longer hangs, or transfers much: others go on meanwhile.
constexpr std::chrono::seconds kFetchPatience{2};
/// A deployment or drift check without progress for longer than this counts as waiting for the service.
constexpr std::chrono::seconds kJobPatience{4};
/// For git to end, and whatever it has started, once `shutdown` is over.
constexpr std::chrono::milliseconds kGitGrace{2500};
/// For responses that are being written when the daemon stops.
constexpr std::chrono::milliseconds kServerGrace{2000};

FileLock lock_data_folder(const std::filesystem::path& data) {
  prepare_data_folder(data);
  std::optional<FileLock> lock = FileLock::try_lock(data / "lock");
  if (lock) return std::move(*lock);
  throw Error("another daemon uses " + printable(data.string()), "give each daemon its own `data` folder", Fault::held);
}

/// Of `threads`, which is how many deployments run at a time: fetches are short, and drift checks can wait.
std::size_t fetch_threads(std::size_t threads) { return std::max<std::size_t>(2, threads / 4); }
std::size_t drift_check_threads(std::size_t threads) { return std::max<std::size_t>(1, threads / 8); }

std::function<void(const std::string&)> error_log(const Log& log) {
  return [&log](const std::string& error) { log.error(error); };
}

/// Prefix of job ids: the time of the start, so that they differ from those of earlier runs.
std::string start_mark(Time now) {
  constexpr char kDigits[] = "0123456789abcdefghijklmnopqrstuvwxyz";
  constexpr std::size_t kBase = sizeof(kDigits) - 1;
  std::string mark;
  for (auto left =
           static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count());
       left > 0; left /= kBase) {
    mark.insert(mark.begin(), kDigits[left % kBase]);
  }
  return mark;
}

/// True if a running repository is not affected by the change. Its webhook secret concerns only the server.
bool needs_no_restart(const RepositoryConfig& left, const RepositoryConfig& right) {
  return left.url == right.url && left.poll == right.poll && left.environments == right.environments;
}

std::vector<EnvironmentId> environments_of(const OperatorConfig& config) {
  std::vector<EnvironmentId> ids;
  for (const auto& [repository, facts] : config.repositories) {
    for (const auto& [environment, ignored] : facts.environments) ids.push_back({repository, environment});
  }
  return ids;
}

std::map<std::string, std::string> commit_pages_of(const OperatorConfig& config) {
  std::map<std::string, std::string> pages;
  for (const auto& [name, facts] : config.repositories) pages.emplace(name, git::commit_pages_of(facts.url));
  return pages;
}

}  // namespace

void prepare_data_folder(const std::filesystem::path& data) {
  const std::string named = printable(data.string());
  std::error_code failed;
  if (std::filesystem::create_directories(data, failed)) {
    std::filesystem::permissions(data, std::filesystem::perms::owner_all, failed);
  }
  if (failed) throw Error("cannot create the folder " + named + ": " + failed.message());
  struct stat facts {};
  if (::stat(data.c_str(), &facts) != 0) throw file_error("use", data.native(), std::strerror(errno));
  if (facts.st_uid != ::geteuid()) {
    throw Error("the folder " + named + " belongs to another user", "give the daemon a `data` folder of its own");
  }
  if ((facts.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    throw Error("the folder " + named + " can be changed by others", "run: chmod go-w " + named);
  }
}

Daemon::Daemon(OperatorConfig config, Log log, const Clock& clock)
    : log_(std::move(log)),
      clock_(clock),
      data_lock_(lock_data_folder(config.data)),
      status_store_(clock.now(), config.unhealthy_after),
      deliveries_(config.data),
      notifier_(clock, status_store_, log_),
      addresses_(std::make_shared<api::Addresses>(config.rate_limit)),
      shutdown_(config.shutdown),
      job_prefix_(start_mark(clock.now())),
      form_secret_(random_bytes(kFormSecretSize)),
      config_(std::make_shared<const OperatorConfig>(std::move(config))),
      fetches_(clock, fetch_threads(config_->threads), error_log(log_), kFetchPatience),
      jobs_pool_(clock, config_->threads, error_log(log_), kJobPatience),
      drift_checks_(clock, drift_check_threads(config_->threads), error_log(log_), kJobPatience),
      replacing_(fetches_, [this] { replace_ended(); }) {
  net::ServerOptions options = serving_options();
  options.address = config_->address;
  options.port = config_->port;
  options.refuse_by_header = [this](const net::IncomingRequest& request) { return refuse_by_header(*this, request); };
  server_ = std::make_unique<net::Server>(
      std::move(options), [this](const net::IncomingRequest& request) { return answer(*this, request); });
  change_files(config_->data, {{"address", server_->url() + "\n"}});
  status_store_.configure(environments_of(*config_), config_->unhealthy_after, commit_pages_of(*config_));
  notifier_.configure(config_->notify);
  start_missing();
}

Daemon::~Daemon() = default;

std::string Daemon::url() const { return server_->url(); }

Shared Daemon::shared() {
  return {.clock = clock_,
          .status_store = status_store_,
          .notifier = notifier_,
          .log = log_,
          .new_job_id = [this] { return job_prefix_ + "-" + std::to_string(++jobs_); },
          .addresses = addresses_,
          .shutdown = shutdown_,
          .cut = cut_,
          .fetches = fetches_,
          .jobs = jobs_pool_,
          .drift_checks = drift_checks_};
}

void Daemon::start_missing() {
  const std::lock_guard lock(mutex_);
  if (stopping_) return;
  for (const auto& [name, repository] : config_->repositories) {
    if (runners_.contains(name) || ending_.contains(name)) continue;
    runners_.emplace(name,
                     std::make_shared<RepositoryRunner>(repository, config_->data, config_->drift_check, shared()));
  }
}

void Daemon::replace_ended() {
  Runners ended;
  bool is_done = false;
  {
    const std::lock_guard lock(mutex_);
    for (auto runner = ending_.begin(); runner != ending_.end();) {
      const auto next = std::next(runner);
      if (runner->second->has_ended()) ended.insert(ending_.extract(runner));
      runner = next;
    }
    is_done = ending_.empty();
  }
  ended.clear();
  start_missing();
  if (!is_done) replacing_.run_at(clock_.ticks() + kPollInterval);
}

bool Daemon::is_stuck() const {
  const Ticks::duration longest =
      std::max({fetches_.longest_silence(), jobs_pool_.longest_silence(), drift_checks_.longest_silence()});
  return longest > config()->watchdog;
}

std::shared_ptr<const OperatorConfig> Daemon::config() const {
  const std::lock_guard lock(mutex_);
  return config_;
}

bool Daemon::trigger(const std::string& repository, Trigger trigger) {
  const std::lock_guard lock(mutex_);
  const auto found = runners_.find(repository);
  if (found == runners_.end()) return false;
  found->second->fetch_soon(trigger);
  return true;
}

EnvironmentWorker* Daemon::worker(const EnvironmentId& id) {
  const auto found = runners_.find(id.repository);
  return found == runners_.end() ? nullptr : found->second->worker(id.environment);
}

bool Daemon::retry(const EnvironmentId& id) {
  const std::lock_guard lock(mutex_);
  EnvironmentWorker* found = worker(id);
  return found != nullptr && found->retry() != JobQueue::Offered::known;
}

bool Daemon::restore_flow(const EnvironmentId& id, const std::string& flow_id) {
  const std::lock_guard lock(mutex_);
  EnvironmentWorker* found = worker(id);
  return found != nullptr && found->restore_flow(flow_id) != JobQueue::Offered::known;
}

Adoption Daemon::adopt_flow(const EnvironmentId& id, const std::string& flow_id) {
  std::shared_ptr<RepositoryRunner> runner;
  {
    const std::lock_guard lock(mutex_);
    const auto found = runners_.find(id.repository);
    if (found != runners_.end()) runner = found->second;
  }
  EnvironmentWorker* const found = runner == nullptr ? nullptr : runner->worker(id.environment);
  if (found == nullptr) return {.outcome = Adoption::Outcome::nothing, .why = "the environment is being reloaded"};
  return found->adopt_flow(flow_id);
}

std::optional<std::filesystem::path> Daemon::mirror_folder(const std::string& repository) const {
  const std::lock_guard lock(mutex_);
  const auto found = runners_.find(repository);
  return found == runners_.end() ? std::nullopt : std::optional(found->second->mirror_folder());
}

bool Daemon::have_ended() const {
  const std::lock_guard lock(mutex_);
  return ending_.empty() &&
         std::all_of(runners_.begin(), runners_.end(), [](const auto& runner) { return runner.second->has_ended(); });
}

bool Daemon::wait_for_end(Ticks deadline, const std::function<bool()>& goes_on) const {
  const StopSignal not_stopped;
  while (!have_ended()) {
    if (clock_.ticks() >= deadline || !goes_on()) return false;
    clock_.sleep_until(clock_.ticks() + kPollInterval, not_stopped);
  }
  return true;
}

void Daemon::reload(OperatorConfig config) {
  const std::shared_ptr<const OperatorConfig> before = this->config();
  if (config.data != before->data || config.address != before->address || config.port != before->port ||
      config.threads != before->threads) {
    throw Error("`listen`, `data` and `threads` can't change while the daemon runs", "restart it");
  }
  const auto now = std::make_shared<const OperatorConfig>(std::move(config));
  // This may fail, so it comes first.
  notifier_.configure(now->notify);
  {
    const std::lock_guard lock(mutex_);
    config_ = now;
    for (auto runner = runners_.begin(); runner != runners_.end();) {
      const auto wanted = now->repositories.find(runner->first);
      if (wanted != now->repositories.end() && needs_no_restart(wanted->second, runner->second->config())) {
        if (now->drift_check != before->drift_check) runner->second->set_drift_check(now->drift_check);
        ++runner;
        continue;
      }
      runner->second->stop();
      ending_.insert(runners_.extract(runner++));
    }
  }
  shutdown_ = now->shutdown;
  if (now->rate_limit != before->rate_limit) addresses_->limit(now->rate_limit);
  status_store_.configure(environments_of(*now), now->unhealthy_after, commit_pages_of(*now));
  replacing_.run_at(Ticks{});
  start_missing();
}

bool Daemon::stop(const std::function<bool()>& goes_on) {
  status_store_.stopping();
  const Ticks deadline = clock_.ticks() + config()->shutdown;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    for (const auto& [name, runner] : runners_) runner->stop();
  }
  if (!wait_for_end(deadline, goes_on)) {
    cut_.request();
    wait_for_end(clock_.ticks() + kGitGrace, [] { return true; });
    return false;
  }
  server_->stop(kServerGrace);
  const std::lock_guard lock(mutex_);
  runners_.clear();
  return true;
}

}  // namespace flowship::daemon
