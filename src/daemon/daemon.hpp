#pragma once

#include "base/files/file_lock.hpp"
#include "daemon/config/operator_config.hpp"
#include "daemon/http/deliveries.hpp"
#include "daemon/jobs/notifier.hpp"
#include "daemon/jobs/pool.hpp"
#include "daemon/jobs/repository_runner.hpp"
#include "daemon/log.hpp"
#include "daemon/status/status_store.hpp"

#include <atomic>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace flowship::net {
class Server;
}

namespace flowship::daemon {

/// Creates the folder for the daemon's state, for its owner alone. Throws `Error` if others may write it or own it.
void prepare_data_folder(const std::filesystem::path& data);

/// The repositories, their environments, and the HTTP server. The handlers of requests (see `routes`) use it from many
/// threads.
class Daemon {
 public:
  /// Locks the data folder, binds, and starts working. Throws `Error` if another daemon uses the folder, or the port is
  /// taken.
  Daemon(OperatorConfig config, Log log, const Clock& clock);
  ~Daemon();
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;

  /// `http://127.0.0.1:8642`
  std::string url() const;
  /// The configuration in force.
  std::shared_ptr<const OperatorConfig> config() const;
  DaemonStatus status() const { return status_store_.status(); }
  StatusStore& status_store() { return status_store_; }
  const StatusStore& status_store() const { return status_store_; }
  Deliveries& deliveries() { return deliveries_; }
  /// For refused deliveries.
  LineBudget& refusal_lines() { return refusal_lines_; }
  const Log& log() const { return log_; }
  const Clock& clock() const { return clock_; }

  /// Fetches a repository soon and deploys its branches; false if there is no such repository.
  bool trigger(const std::string& repository, Trigger trigger);
  /// Has the newest commit of an environment deployed at once; false if that is under way, or nothing is known of it.
  bool retry(const EnvironmentId& id);
  /// Has the console's version of a flow overwritten; false if that waits already, or nothing is known of it.
  bool restore_flow(const EnvironmentId& id, const std::string& flow_id);
  /// Adopts the console edits of a flow into the newest commit's sources, while the caller waits.
  Adoption adopt_flow(const EnvironmentId& id, const std::string& flow_id);
  /// What proves that a form is of this process; nobody else knows it.
  const Secret& form_secret() const { return form_secret_; }
  /// The folder of a repository's mirror, which has its ledgers; nothing if there is no such repository. Read it
  /// through a separate `git::Repository`.
  std::optional<std::filesystem::path> mirror_folder(const std::string& repository) const;

  /// Applies `config` at once; what it does not change is not disturbed, and a repository that it does change starts
  /// anew when its jobs have finished. Throws `Error`, and changes nothing, if a change needs a restart.
  void reload(OperatorConfig config);

  /// Whether a fetch, a job or a drift check has shown no progress for longer than `watchdog`.
  bool is_stuck() const;

  /// Starts no more jobs, waits until imports in flight are finished and recorded, and stops the server. False if that
  /// takes longer than `shutdown`, or than `goes_on`, which is asked meanwhile: threads may still run then, but git
  /// does not.
  bool stop(const std::function<bool()>& goes_on);

 private:
  /// Shared with requests that wait for a repository while a reload replaces it.
  using Runners = std::map<std::string, std::shared_ptr<RepositoryRunner>>;

  Shared shared();
  /// Null if there is no such environment. The mutex must be held.
  EnvironmentWorker* worker(const EnvironmentId& id);
  /// Starts the repositories of the configuration that are not running, unless they are still ending.
  void start_missing();
  /// Forgets the runners that have ended, and starts what waited for them.
  void replace_ended();
  bool have_ended() const;
  bool wait_for_end(Ticks deadline, const std::function<bool()>& goes_on) const;

  Log log_;
  const Clock& clock_;
  std::optional<FileLock> data_lock_;
  StatusStore status_store_;
  Deliveries deliveries_;
  LineBudget refusal_lines_;
  Notifier notifier_;
  const std::shared_ptr<api::Addresses> addresses_;
  /// As configured.
  std::atomic<std::chrono::milliseconds> shutdown_;
  /// Ends what git still does for jobs once `shutdown` is over.
  StopSignal cut_;
  std::string job_prefix_;
  const Secret form_secret_;
  std::atomic<std::uint64_t> jobs_{0};
  mutable std::mutex mutex_;
  bool stopping_ = false;
  std::shared_ptr<const OperatorConfig> config_;
  Pool fetches_;
  Pool jobs_pool_;
  Pool drift_checks_;
  Runners runners_;
  /// Removed or changed by a reload, and not ended yet.
  Runners ending_;
  Task replacing_;
  std::unique_ptr<net::Server> server_;
};

}  // namespace flowship::daemon
