#pragma once

#include "base/clock.hpp"
#include "daemon/status/status.hpp"
#include "git/objects/object_id.hpp"

#include <optional>
#include <string>
#include <vector>

namespace flowship::daemon {

/// What a job deploys.
struct Target {
  git::ObjectId commit;
  std::string branch;
  std::string subject;
  std::string author = {};

  CommitLine line() const { return {.id = commit.hex(), .subject = subject, .author = author}; }
};

/// A job to run: its target and how it came about.
struct JobRequest {
  Target target;
  Trigger trigger = Trigger::poll;
  /// When it was first requested.
  Time since;
  /// Earlier failures of this commit.
  int failures = 0;
  /// Another deployment held the environment when it was last tried: see whether it still does, before starting.
  std::optional<LeaseWait> lease = {};
  /// The only flows to deploy, over console edits; empty: all flows, by the environment's `onDrift`.
  std::vector<std::string> restores = {};
};

/// The jobs of one environment: one runs, one waits, and a newer commit replaces the waiting one. Pure decisions: it
/// has no threads and reads no clock.
class JobQueue {
 public:
  enum class Offered {
    taken,  ///< waits now
    known,  ///< done, running, waiting or rejected already
  };

  /// The branch is now at `target`.
  Offered offer(const Target& target, Trigger trigger, Time now);

  /// The flows of `target` were changed on the service and are to be restored. `known` if a job is under way or the
  /// commit is invalid.
  Offered restore(const Target& target, Time now);

  /// Somebody asks for the next attempt at once. `known` if a job of that commit runs, or another deployment is waited
  /// for.
  Offered retry(const Target& target, Time now);

  /// Somebody asks to overwrite the console's version of a flow: goes before the waiting job, and settles nothing.
  /// `known` if that waits already.
  Offered restore_flow(const Target& target, const std::string& flow_id, Time now);

  /// The job to start now; nothing while one runs or before the next attempt is due.
  std::optional<JobRequest> take(Ticks ticks);
  /// The waiting job can't start before then, whatever `due` says.
  void postpone(Time until) { not_before_ = until; }
  /// The taken job, which waited for another deployment, really starts now.
  void began() { looks_ = false; }
  /// Reports the outcome of the taken job, and who holds the environment if it is held. `now` and `ticks` are the same
  /// moment.
  void ended(JobOutcome outcome, Time now, Ticks ticks, const std::string& holder = {});

  /// When `take` returns a job next; nothing if none waits.
  std::optional<Ticks> due() const;
  /// The waiting job as it is shown; also one that has been taken only to see whether it can start.
  std::optional<WaitingJob> waiting() const;

 private:
  void restore_ended(JobRequest request, JobOutcome outcome, Ticks ticks);

  std::optional<JobRequest> running_;
  std::optional<JobRequest> waiting_;
  /// Flows to restore, and when that may start.
  std::optional<JobRequest> restoring_;
  Ticks restoring_due_{};
  /// When the waiting job may start.
  Ticks due_{};
  std::optional<Time> not_before_;
  /// The commit that needs no further job: deployed, or invalid.
  std::optional<git::ObjectId> settled_;
  bool settled_is_invalid_ = false;
  /// While another deployment holds the environment, whichever job waits for it.
  std::optional<LeaseWait> lease_;
  /// The taken job waits for another deployment, and has not begun.
  bool looks_ = false;
  /// How often in a row it was held.
  int held_ = 0;
};

/// The pause before the next attempt after `failures` with this outcome; nothing if there is no further attempt.
std::optional<std::chrono::milliseconds> pause_after(JobOutcome outcome, int failures);

}  // namespace flowship::daemon
