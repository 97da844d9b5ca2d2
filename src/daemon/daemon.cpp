#include "daemon/daemon.hpp"

#include "base/error.hpp"
#include "base/files/file_error.hpp"
#include "base/files/rooted_files.hpp"
#include "base/text/printable.hpp"
#include "daemon/http/routes.hpp"
#include "daemon/http/serving.hpp"
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
/// For responses that are being written when the daemon stops.
constexpr std::chrono::milliseconds kServerGrace{2000};

FileLock lock_data_folder(const std::filesystem::path& data) {
  prepare_data_folder(data);
  std::optional<FileLock> lock = FileLock::try_lock(data / "lock");
  if (lock) return std::move(*lock);
  throw Error("another daemon uses " + printable(data.string()), "give each daemon its own `data` folder", Fault::held);
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
      job_prefix_(start_mark(clock.now())),
      config_(std::make_shared<const OperatorConfig>(std::move(config))) {
  net::ServerOptions options = serving_options();
  options.address = config_->address;
  options.port = config_->port;
  options.refuse_by_header = [this](const net::IncomingRequest& request) { return refuse_by_header(*this, request); };
  server_ = std::make_unique<net::Server>(
      std::move(options), [this](const net::IncomingRequest& request) { return answer(*this, request); });
  change_files(config_->data, {{"address", server_->url() + "\n"}});
  status_store_.configure(environments_of(*config_), config_->unhealthy_after);
  notifier_.configure(config_->notify);
  start_missing(*config_);
}

Daemon::~Daemon() = default;

std::string Daemon::url() const { return server_->url(); }

Shared Daemon::shared() {
  return {.clock = clock_,
          .status_store = status_store_,
          .notifier = notifier_,
          .log = log_,
          .new_job_id = [this] { return job_prefix_ + "-" + std::to_string(++jobs_); },
          .addresses = addresses_};
}

void Daemon::start_missing(const OperatorConfig& config) {
  for (const auto& [name, repository] : config.repositories) {
    const std::lock_guard lock(mutex_);
    if (runners_.contains(name)) continue;
    runners_.emplace(name, std::make_unique<RepositoryRunner>(repository, config.data, config.drift_check, shared()));
  }
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

std::optional<std::filesystem::path> Daemon::mirror_folder(const std::string& repository) const {
  const std::lock_guard lock(mutex_);
  const auto found = runners_.find(repository);
  return found == runners_.end() ? std::nullopt : std::optional(found->second->mirror_folder());
}

bool Daemon::wait_for(const Runners& runners, std::optional<Ticks> deadline,
                      const std::function<void()>& meanwhile) const {
  const auto have_ended = [&] {
    return std::all_of(runners.begin(), runners.end(), [](const auto& runner) { return runner.second->has_ended(); });
  };
  const StopSignal not_stopped;
  while (!have_ended()) {
    if (deadline && clock_.ticks() >= *deadline) return false;
    meanwhile();
    clock_.sleep_until(clock_.ticks() + kPollInterval, not_stopped);
  }
  return true;
}

void Daemon::reload(OperatorConfig config, const std::function<void()>& meanwhile) {
  const std::shared_ptr<const OperatorConfig> before = this->config();
  if (config.data != before->data || config.address != before->address || config.port != before->port) {
    throw Error("`listen` and `data` can't change while the daemon runs", "restart it");
  }
  const auto now = std::make_shared<const OperatorConfig>(std::move(config));
  Runners ending;
  {
    const std::lock_guard lock(mutex_);
    config_ = now;
    for (auto runner = runners_.begin(); runner != runners_.end();) {
      const auto wanted = now->repositories.find(runner->first);
      const bool stays = wanted != now->repositories.end() &&
                         needs_no_restart(wanted->second, runner->second->config()) &&
                         now->drift_check == runner->second->drift_check();
      if (stays) {
        ++runner;
        continue;
      }
      runner->second->stop();
      ending.insert(runners_.extract(runner++));
    }
  }
  if (now->rate_limit != before->rate_limit) addresses_->limit(now->rate_limit);
  wait_for(ending, std::nullopt, meanwhile);
  ending.clear();
  status_store_.configure(environments_of(*now), now->unhealthy_after);
  notifier_.configure(now->notify);
  start_missing(*now);
}

bool Daemon::stop(const std::function<void()>& meanwhile) {
  status_store_.stopping();
  const Ticks deadline = clock_.ticks() + config()->shutdown;
  for (const auto& [name, runner] : runners_) runner->stop();
  const bool in_time = wait_for(runners_, deadline, meanwhile);
  if (!in_time) return false;
  server_->stop(kServerGrace);
  const std::lock_guard lock(mutex_);
  runners_.clear();
  return true;
}

}  // namespace flowship::daemon
