#pragma once

#include "base/clock.hpp"
#include "daemon/status/status.hpp"
#include "git/objects/object_id.hpp"

#include <optional>
#include <string>

namespace flowship::daemon {

/// What a job is to deploy.
struct Target {
  git::ObjectId commit;
  std::string branch;
  std::string subject;
};

/// A job to be done: a target, and how it came to be.
struct Order {
  Target target;
  Trigger trigger = Trigger::poll;
  /// When it was first asked for.
  Time since;
  /// How often this commit has failed already.
  int failures = 0;
};

/// The jobs of one environment, as decisions alone: one runs, one waits, and a newer commit takes the place of what
/// waits. Knows no threads; time is handed in.
class JobQueue {
 public:
  enum class Offered {
    taken,     ///< waits now
    replaced,  ///< waits now, in the place of one that waited
    known,     ///< done, under way, waiting or refused already
  };

  /// The branch is now at `target`.
  Offered offer(const Target& target, Trigger trigger, Time now);

  /// Forgets what was done and refused, so that the next offer is taken.
  void forget();

  /// The job that is to begin now; nothing while one runs, or before the time of the next try.
  std::optional<Order> take(Ticks ticks);
  /// How the job that was taken has ended. `now` and `ticks` are the same moment.
  void ended(JobOutcome outcome, Time now, Ticks ticks);

  /// When `take` will give something next; nothing when nothing waits.
  std::optional<Ticks> due() const;
  /// What waits, as it is shown.
  std::optional<WaitingJob> waiting() const;
  bool is_running() const { return running_.has_value(); }

 private:
  std::optional<Order> running_;
  std::optional<Order> waiting_;
  /// For a next try: when.
  Ticks due_{};
  std::optional<Time> not_before_;
  /// The commit that needs nothing more: deployed, or wrong until a newer one comes.
  std::optional<git::ObjectId> settled_;
  /// How often in a row the environment was held by somebody else.
  int held_ = 0;
};

/// How long to pause before the next try after `failures` that ended so; nothing when there is to be none.
std::optional<std::chrono::milliseconds> pause_after(JobOutcome outcome, int failures);

}  // namespace flowship::daemon
