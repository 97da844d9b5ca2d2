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

/// What the parts of the daemon share.
struct Shared {
  const Clock& clock;
  StatusStore& status_store;
  Notifier& notifier;
  Log log;
  /// Returns a new, unique id for a job.
  std::function<std::string()> new_job_id;
  /// One rate budget for each address of the service.
  std::shared_ptr<api::Addresses> addresses;
};

/// The thread of one environment: runs its jobs one after another, and checks for drift in between.
class EnvironmentWorker {
 public:
  /// What a job found out about the mirror.
  enum class MirrorFault { unreadable, behind };

  /// `on_mirror_fault` is called when the mirror should be fetched again. `drift_check` is the interval of drift
  /// checks; zero for never.
  EnvironmentWorker(EnvironmentId id, EnvironmentConfig config, const Mirror& mirror, const Shared& shared,
                    std::chrono::milliseconds drift_check, std::function<void(MirrorFault)> on_mirror_fault);
  ~EnvironmentWorker();
  EnvironmentWorker(const EnvironmentWorker&) = delete;
  EnvironmentWorker& operator=(const EnvironmentWorker&) = delete;

  const EnvironmentId& id() const { return id_; }
  /// Reports that the branch of this environment is at `target`.
  void offer(const Target& target, Trigger trigger);
  /// Starts no more jobs; the running one sends nothing more and records what is done.
  void stop();
  bool has_ended() const { return ended_; }

 private:
  void run();
  /// Waits for the next thing to do; nothing when the worker ends.
  struct Next {
    std::optional<JobRequest> job;
    std::optional<Target> drift_check;
  };
  std::optional<Next> next();
  void run_job(const JobRequest& request);
  /// Whether another deployment still holds the environment, which the request waits for.
  bool is_still_held(const JobRequest& request);
  void finish(const JobRequest& request, JobResult result, Time started, const Log& log);
  void check_for_drift(const Target& target);
  void show_waiting();

  EnvironmentId id_;
  EnvironmentConfig config_;
  const Mirror& mirror_;
  Shared shared_;
  Log log_;
  std::chrono::milliseconds drift_check_;
  std::function<void(MirrorFault)> on_mirror_fault_;
  StopSignal stop_;
  std::mutex mutex_;
  std::condition_variable changed_;
  JobQueue queue_;
  /// The last known tip of the branch.
  std::optional<Target> newest_;
  bool ledger_is_read_ = false;
  Ticks next_drift_check_{};
  /// What the last drift check that succeeded found.
  DriftReport last_drift_;
  std::atomic<bool> ended_{false};
  std::thread thread_;
};

}  // namespace flowship::daemon
