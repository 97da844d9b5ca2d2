#pragma once

#include "base/clock.hpp"
#include "base/stop.hpp"
#include "daemon/config/operator_config.hpp"
#include "daemon/jobs/job.hpp"
#include "daemon/jobs/job_queue.hpp"
#include "daemon/jobs/mirror.hpp"
#include "daemon/jobs/notifier.hpp"
#include "daemon/log.hpp"
#include "daemon/status/status_store.hpp"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace flowship::daemon {

/// What the parts of the daemon have in common.
struct Shared {
  const Clock& clock;
  StatusStore& board;
  Notifier& notifier;
  Log log;
  /// A new name for a job, never given twice.
  std::function<std::string()> new_job_id;
};

/// The thread of one environment: does its jobs one after another, and looks for drift in between.
class EnvironmentWorker {
 public:
  /// `on_unreadable` hears that something in the mirror could not be read. `drift_check` is the time between two looks
  /// for drift; zero for never.
  EnvironmentWorker(EnvironmentId id, EnvironmentConfig config, const Mirror& mirror, const Shared& shared,
                    std::chrono::milliseconds drift_check, std::function<void()> on_unreadable);
  ~EnvironmentWorker();
  EnvironmentWorker(const EnvironmentWorker&) = delete;
  EnvironmentWorker& operator=(const EnvironmentWorker&) = delete;

  const EnvironmentId& id() const { return id_; }
  /// The branch of this environment is now at `target`.
  void offer(const Target& target, Trigger trigger);
  /// Begins no job any more; the one that runs sends nothing more, and records what is done.
  void stop();
  bool has_ended() const { return ended_; }

 private:
  void run();
  /// What is to be done next; waits for it. Nothing when the worker ends.
  struct Next {
    std::optional<Order> order;
    std::optional<Target> look;
  };
  std::optional<Next> next();
  void work(const Order& order);
  void finish(const Order& order, JobResult result, Time started, const Log& log);
  void look(const Target& target);
  void show_waiting();

  EnvironmentId id_;
  EnvironmentConfig config_;
  const Mirror& mirror_;
  Shared shared_;
  Log log_;
  std::chrono::milliseconds drift_check_;
  std::function<void()> on_unreadable_;
  StopSignal stop_;
  std::mutex mutex_;
  std::condition_variable changed_;
  JobQueue queue_;
  /// What the branch is at, as far as it is known.
  std::optional<Target> newest_;
  bool ledger_is_read_ = false;
  Ticks next_look_{};
  std::atomic<bool> ended_{false};
  std::thread thread_;
};

}  // namespace flowship::daemon
