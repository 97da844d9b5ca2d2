#pragma once

#include "base/clock.hpp"
#include "base/stop.hpp"
#include "daemon/config/operator_config.hpp"
#include "daemon/jobs/adoption.hpp"
#include "daemon/jobs/job.hpp"
#include "daemon/jobs/job_queue.hpp"
#include "daemon/jobs/mirror.hpp"
#include "daemon/jobs/notifier.hpp"
#include "daemon/jobs/pool.hpp"
#include "daemon/log.hpp"
#include "daemon/status/status_store.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

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
  /// How long the daemon waits for the end of its jobs.
  const std::atomic<std::chrono::milliseconds>& shutdown;
  /// Given then.
  const StopSignal& cut;
  /// What runs fetches, jobs and drift checks.
  Pool& fetches;
  Pool& jobs;
  Pool& drift_checks;
};

/// One environment: runs its jobs one after another, and checks for drift in between.
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
  /// As in `JobQueue`, of the newest commit; `known` before there is one.
  JobQueue::Offered retry();
  JobQueue::Offered restore_flow(const std::string& flow_id);
  /// Adopts the console edits of a flow into the sources of the newest commit, while the caller waits.
  Adoption adopt_flow(const std::string& flow_id);
  /// Starts no more jobs; the running one sends nothing more and records what is done.
  void stop();
  /// After `stop`: whether nothing runs any more.
  bool has_ended() const;
  /// Whether the repository could not be fetched: a shared ledger is not to be had then either.
  void set_remote_away(bool is_away);
  void set_drift_check(std::chrono::milliseconds interval);

 private:
  /// A job whose result the ledger does not have yet. It holds no thread between two tries.
  struct Unshared {
    JobRequest request;
    JobResult result;
    Time started;
    Log log;
    /// When it is given up: the next job shares it first.
    Ticks until;
    Ticks due;
    int tries = 0;
  };

  /// One step of each task.
  void work();
  void look_for_drift();
  /// Has both tasks run when something is due. The mutex must be held.
  void schedule();
  /// When the task of jobs has something to do; nothing if it has not. The mutex must be held.
  std::optional<Ticks> job_due() const;
  /// Finds out where the newest commit is to be deployed.
  void look_for_destination();
  /// Whether the job that is due has to wait, because the service refuses all requests. The mutex must be held.
  bool has_to_wait(Ticks now);
  /// `cut` ends git.
  JobContext context(const StopSignal& stop, const StopSignal& cut, deploy::Progress& progress) const;
  void run_job(const JobRequest& request);
  /// One try.
  void share_result();
  /// Whether another deployment still holds the environment, which the request waits for.
  bool is_still_held(const JobRequest& request);
  void finish(const JobRequest& request, JobResult result, Time started, const Log& log);
  DriftReport check_for_drift(const Target& target, const StopSignal& stop);
  /// The mutex must be held.
  void drift_checked(const Target& target, DriftReport report);
  void log_drift(const DriftReport& report) const;
  void show_waiting();

  EnvironmentId id_;
  EnvironmentConfig config_;
  const Mirror& mirror_;
  Shared shared_;
  Log log_;
  std::chrono::milliseconds drift_check_;
  std::function<void(MirrorFault)> on_mirror_fault_;
  StopSignal stop_;
  mutable std::mutex mutex_;
  JobQueue queue_;
  Destination destination_;
  bool is_remote_away_ = false;
  /// Only jobs change what is in it.
  std::optional<Unshared> unshared_;
  std::atomic<bool> is_sharing_ = false;
  /// The last known tip of the branch.
  std::optional<Target> newest_;
  bool ledger_is_read_ = false;
  /// A job of this process may have left its intent: it failed, or could not record its result. Only jobs use this.
  bool has_open_intent_ = false;
  std::optional<Ticks> next_drift_check_;
  /// Of the drift check before.
  std::optional<Ticks> last_drift_check_;
  /// How far apart drift checks are, on average.
  std::chrono::milliseconds apart_{0};
  bool is_working_ = false;
  /// Of the drift check under way, which makes way for a job.
  std::shared_ptr<StopSignal> drift_stop_;
  /// What the last drift check that succeeded found.
  DriftReport last_drift_;
  // Last, so that no step runs without the rest.
  Task jobs_;
  Task drift_checks_;
};

}  // namespace flowship::daemon
