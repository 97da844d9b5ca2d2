#pragma once

#include "base/clock.hpp"
#include "daemon/config/durations.hpp"
#include "deploy/apply/outcome.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What the daemon knows of itself, as one value: the page, the API, the metrics and the probes are made of it.

namespace flowship::daemon {

/// How one job ended.
enum class JobOutcome {
  deployed,     ///< all that had changed is there
  unchanged,    ///< nothing had changed
  partial,      ///< some flows failed, others are deployed; tried again
  failed,       ///< nothing could be deployed; tried again
  drifted,      ///< flows were edited on the service, and none was overwritten; tried again
  credentials,  ///< the key is missing or was refused; tried again
  invalid,      ///< what the commit holds is wrong; waits for a newer one
  held,         ///< another deployment holds the environment; waited for
  stopped,      ///< the daemon stops; the next start goes on from here
};

std::string_view to_text(JobOutcome outcome);

/// Whether somebody has to know: anything but deployed, unchanged, held and stopped.
bool is_failure(JobOutcome outcome);

/// Why there was a job.
enum class Trigger { start, poll, webhook, push, retry };

std::string_view to_text(Trigger trigger);

/// The environment of one repository.
struct EnvironmentId {
  std::string repository;
  std::string environment;

  auto operator<=>(const EnvironmentId&) const = default;
};

struct CommitLine {
  /// Full hexadecimal id.
  std::string id;
  /// As the author wrote it; may hold anything. Empty where the commit is not at hand.
  std::string subject;
};

/// A job that is to come.
struct WaitingJob {
  CommitLine commit;
  std::string branch;
  Trigger trigger = Trigger::poll;
  Time since;
  /// The time of the next try, where one has failed already.
  std::optional<Time> not_before;
  /// How often this commit has failed so far.
  int failures = 0;
};

/// The job under way.
struct RunningJob {
  std::string id;
  CommitLine commit;
  std::string branch;
  Trigger trigger = Trigger::poll;
  Time since;
  /// The flows to send, and those that are done with.
  std::size_t steps = 0;
  std::size_t done = 0;
  /// Why it pauses; empty when it does not.
  std::string pause;
};

/// A job that is over, or (with an empty `id`) a deployment that the ledger tells of.
struct FinishedJob {
  std::string id;
  JobOutcome outcome = JobOutcome::deployed;
  CommitLine commit;
  std::string branch;
  Trigger trigger = Trigger::poll;
  /// When it was asked for, when it began, when it was over.
  Time since;
  Time started;
  Time finished;
  /// How often in a row it ended so for this commit; `recent` has one entry for all of them.
  int tries = 1;
  /// The ledger's commit that records it; empty for none.
  std::string record;
  std::vector<deploy::FlowResult> flows;
  int unchanged = 0;
  /// Why it failed as a whole, and what to do; empty where the flows tell.
  std::string error;
  std::string hint;
  /// What validation found, `path:line:column: message [rule]`, cut after some.
  std::vector<std::string> findings;
  std::vector<std::string> warnings;
};

/// What is deployed, by the ledger.
struct Deployed {
  CommitLine commit;
  Time time;
  /// The ledger's commit.
  std::string record;
  /// The job of this process that did it; empty where somebody else or an earlier run did.
  std::string job;
  /// How many flows are deployed.
  int flows = 0;
};

/// What a comparison of the service with the ledger found: flow ids.
struct DriftReport {
  Time checked;
  std::vector<std::string> drifted;
  std::vector<std::string> missing;
  std::vector<std::string> unmanaged;
  /// Why the service could not be compared; empty when it was.
  std::string error;

  bool any() const { return !drifted.empty() || !missing.empty(); }
};

/// What has happened since this process started.
struct Tally {
  std::map<JobOutcome, std::uint64_t> jobs;
  std::map<deploy::FlowOutcome, std::uint64_t> flows;
  /// Imports and deletions that the service took, and those that it did not.
  std::uint64_t requests_ok = 0;
  std::uint64_t requests_failed = 0;
  /// Jobs that were tries of a commit that had failed before.
  std::uint64_t retries = 0;
  /// Waiting jobs that a newer commit took the place of.
  std::uint64_t collapsed = 0;
  std::uint64_t drift_checks = 0;
  std::map<JobOutcome, Durations> durations;
  /// From what asked for a job to its success.
  Durations until_deployed;
};

struct EnvironmentStatus {
  EnvironmentId id;
  /// Its name, where no other repository has an environment of that name, else `<repository>.<name>`: for addresses.
  std::string key;
  std::string project_id;
  /// The branch that deploys here; empty while none is known to.
  std::string branch;
  /// Why no branch deploys here; empty when one does.
  std::string not_followed;
  /// Nothing before the first deployment.
  std::optional<Deployed> deployed;
  /// The newest commit that the ledger is level with, which may have changed no flow.
  std::optional<CommitLine> level_with;
  std::optional<WaitingJob> waiting;
  std::optional<RunningJob> running;
  /// Newest first, at most `kRecentJobs`; jobs that found nothing to do are left out.
  std::vector<FinishedJob> recent;
  std::optional<DriftReport> drift;
  /// Since when it fails, and why; nothing while all is well.
  std::optional<Time> failing_since;
  std::string failure;
  std::optional<Time> last_success;
  Tally tally;
};

/// The flows that the deployment of what is deployed did not reach: the service holds what it held before.
std::vector<std::string> left_behind(const EnvironmentStatus& environment);

/// How an environment is, in one word: the first of these that holds.
enum class State {
  failing,     ///< what should be deployed can't be, or nothing says what should
  running,     ///< a job is under way
  waiting,     ///< a job is to come
  drifted,     ///< the service holds something else than what was deployed
  live,        ///< what should be deployed is
  unfollowed,  ///< no branch deploys here
  empty        ///< nothing has been deployed yet
};

std::string_view to_text(State state);
State state_of(const EnvironmentStatus& environment);

inline constexpr std::size_t kRecentJobs = 20;

struct MirrorStatus {
  std::string repository;
  /// Since when it can be fetched, or can't; nothing before the first try.
  std::optional<Time> since;
  bool reachable = false;
  /// Why not.
  std::string failure;
  std::optional<Time> last_fetch;
  std::uint64_t fetches = 0;
  std::uint64_t failed_fetches = 0;
};

struct DaemonStatus {
  /// Grows with every change, so that who has seen one knows whether there is something new.
  std::uint64_t version = 0;
  Time started;
  bool stopping = false;
  std::chrono::milliseconds unhealthy_after{0};
  std::vector<EnvironmentStatus> environments;
  std::vector<MirrorStatus> mirrors;
  /// Webhook deliveries, by forge and by what became of them ("accepted", "refused", …).
  std::map<std::pair<std::string, std::string>, std::uint64_t> deliveries;
  std::uint64_t notices_sent = 0;
  std::uint64_t notices_lost = 0;
};

/// What a probe is told.
struct Health {
  bool ready = true;
  /// Why not, a sentence each.
  std::vector<std::string> reasons;
};

/// Not ready: a mirror that can't be fetched, an environment that has failed for longer than `unhealthy_after`, or a
/// daemon that stops.
Health health_of(const DaemonStatus& status, Time now);

}  // namespace flowship::daemon
