#pragma once

#include "base/files/file_lock.hpp"
#include "daemon/config/operator_config.hpp"
#include "daemon/http/deliveries.hpp"
#include "daemon/jobs/notifier.hpp"
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

/// The whole: repositories, their environments, and the server that shows them. What requests are answered with (see
/// `routes`) is asked of it from many threads at a time.
class Daemon {
 public:
  /// Takes the data folder for itself, binds, and begins to work. Throws `Error` when it can't: another daemon has the
  /// folder, or somebody else the port.
  Daemon(OperatorConfig config, Log log, const Clock& clock);
  ~Daemon();
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;

  /// `http://127.0.0.1:8642`
  std::string url() const;
  /// The configuration in force.
  std::shared_ptr<const OperatorConfig> config() const;
  DaemonStatus status() const { return board_.status(); }
  StatusStore& board() { return board_; }
  const StatusStore& board() const { return board_; }
  Deliveries& deliveries() { return deliveries_; }
  const Log& log() const { return log_; }
  const Clock& clock() const { return clock_; }

  /// Fetches a repository soon, and deploys what its branches are at then; false when there is no such repository.
  bool trigger(const std::string& repository, Trigger trigger);
  /// Where the mirror of a repository is, with its ledgers; nothing when there is no such repository. For reading, with
  /// a `git::Repository` of one's own.
  std::optional<std::filesystem::path> mirror_folder(const std::string& repository) const;

  /// Works by `config` from now on; what it does not change goes on undisturbed. Throws `Error`, and changes nothing,
  /// when it asks for what only a new start can change. `meanwhile` is called again and again while jobs come to an
  /// end.
  void reload(OperatorConfig config, const std::function<void()>& meanwhile);

  /// Begins no job any more, waits until what runs has sent what it is sending and recorded it, and stops to serve.
  /// False when that took longer than the configured time.
  bool stop(const std::function<void()>& meanwhile);

 private:
  using Runners = std::map<std::string, std::unique_ptr<RepositoryRunner>>;

  Shared shared();
  void start_missing(const OperatorConfig& config);
  bool wait_for(const Runners& runners, std::optional<Ticks> deadline, const std::function<void()>& meanwhile) const;

  Log log_;
  const Clock& clock_;
  std::optional<FileLock> data_lock_;
  StatusStore board_;
  Deliveries deliveries_;
  Notifier notifier_;
  std::string first_job_id_;
  std::atomic<std::uint64_t> jobs_{0};
  mutable std::mutex mutex_;
  std::shared_ptr<const OperatorConfig> config_;
  Runners runners_;
  std::unique_ptr<net::Server> server_;
};

}  // namespace flowship::daemon
