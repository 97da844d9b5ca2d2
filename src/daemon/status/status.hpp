#pragma once

#include "base/clock.hpp"
#include "daemon/status/durations.hpp"
#include "deploy/apply/outcome.hpp"
#include "deploy/config/config.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// The state of the daemon as one value, from which page, API, metrics and probes are made.

namespace flowship::daemon {

/// How a job ended, in the order of their texts.
enum class JobOutcome {
  deployed,     ///< all changes are deployed
  unchanged,    ///< there were no changes
  partial,      ///< some flows failed, others are deployed; retried
  failed,       ///< nothing could be deployed; retried
  drifted,      ///< flows were changed outside flowship and not overwritten; retried
  credentials,  ///< the key is missing or was refused; retried
  invalid,      ///< the commit is invalid; waits for a newer one
  held,         ///< another deployment holds the lease; waits for it
  stopped,      ///< the daemon is stopping; continued by the next start
  superseded,   ///< the branch has a newer commit; nothing was sent
};

std::string_view to_text(JobOutcome outcome);

/// True for anything but deployed, unchanged, held, stopped and superseded.
bool is_failure(JobOutcome outcome);

/// What caused a job, in the order of their texts.
enum class Trigger { start, poll, webhook, push, retry, drift, page };

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
  /// As the author wrote it. Empty if the commit is not available.
  std::string subject;
  std::string author = {};
};

/// Another deployment holds the environment.
struct LeaseWait {
  Time since;
  /// Who holds it, as people know it.
  std::string holder;
};

/// A waiting job.
struct WaitingJob {
  CommitLine commit;
  std::string branch;
  Trigger trigger = Trigger::poll;
  Time since;
  /// When the next attempt starts, after a failure.
  std::optional<Time> not_before;
  /// Earlier failures of this commit.
  int failures = 0;
  /// While it waits for another deployment, which is no failure.
  std::optional<LeaseWait> lease = {};
  /// The flows that it is limited to; empty: all.
  std::vector<std::string> chosen = {};
};

/// The running job.
struct RunningJob {
  std::string id;
  CommitLine commit;
  std::string branch;
  Trigger trigger = Trigger::poll;
  Time since;
  /// Flows to send, and flows done.
  std::size_t steps = 0;
  std::size_t done = 0;
  /// Why it is pausing; empty if it is not.
  std::string pause;
};

/// A finished job or, with an empty `id`, a deployment from the ledger.
struct FinishedJob {
  std::string id;
  JobOutcome outcome = JobOutcome::deployed;
  CommitLine commit;
  std::string branch;
  Trigger trigger = Trigger::poll;
  /// When it was requested, started and finished.
  Time since;
  Time started;
  Time finished;
  /// How often in a row this commit ended with this outcome; `recent` has one entry for all of them.
  int tries = 1;
  /// The ledger's commit that records it; may be empty.
  std::string record;
  std::vector<deploy::FlowResult> flows;
  /// Flows that the repository no longer has, and that are not deleted; nothing where that was not found out for all.
  std::optional<std::vector<std::string>> left_behind = {};
  int unchanged = 0;
  /// Why it failed as a whole, and what to do; empty if only flows failed.
  std::string error;
  std::string hint;
  /// The first findings, as `path:line:column: message [rule]`.
  std::vector<std::string> findings;
  std::vector<std::string> warnings;
  /// What its changes take from the guarantees of flows, in sentences.
  std::vector<std::pair<std::string, std::string>> losses = {};
  /// The flows that it was limited to; empty: all.
  std::vector<std::string> chosen = {};
};

/// The last deployed state by the ledger.
struct Deployed {
  CommitLine commit;
  Time time;
  /// The ledger's commit.
  std::string record;
  /// The job of this process that deployed it; empty if another process did.
  std::string job;
  /// How many flows are deployed.
  int flows = 0;
};

/// Result of a drift check: flow ids.
struct DriftReport {
  Time checked;
  std::vector<std::string> drifted;
  std::vector<std::string> missing;
  std::vector<std::string> unmanaged;
  /// Listed by the service, but not exportable.
  std::vector<std::string> unknown;
  /// As in `EnvironmentStatus`.
  std::vector<std::string> left_behind = {};
  /// The environment's `onDrift`.
  deploy::OnDrift on_drift = deploy::OnDrift::fail;
  /// Whether the repository still has any of the drifted or missing flows, so that a deployment can restore it.
  bool can_restore = false;
  /// What was edited in drifted flows, by flow, as sentences; some of them only, where there are many.
  std::map<std::string, std::vector<std::string>> edits = {};
  /// Why the check failed; empty if it did not.
  std::string error;
  /// How far apart checks should be, and how far the last ones were; zero before the second.
  std::chrono::milliseconds interval{0};
  std::chrono::milliseconds apart{0};

  /// Whether checks are rarer than they should be, since they wait for deployments and the rate of requests.
  bool is_stretched() const { return apart > interval + interval / 4; }
  /// Whether it could look at every flow.
  bool is_whole() const { return error.empty() && unknown.empty(); }
  bool any() const { return !drifted.empty() || !missing.empty(); }
  /// Whether a deployment that restores flows is due.
  bool restores() const { return any() && can_restore && on_drift == deploy::OnDrift::overwrite; }
  /// Whether it lists other drifted, missing or unknown flows than an earlier report, or another `onDrift`.
  bool is_news_after(const DriftReport& earlier) const;
};

/// What the next deployment does about the drifted and missing flows, as a sentence; empty if there are none.
std::string next_step(const DriftReport& report);

/// Counters since this process started.
struct Tally {
  std::map<JobOutcome, std::uint64_t> jobs;
  std::map<deploy::FlowOutcome, std::uint64_t> flows;
  /// Imports and deletions that succeeded, and those that did not.
  std::uint64_t requests_ok = 0;
  std::uint64_t requests_failed = 0;
  /// Jobs that retried a failed commit.
  std::uint64_t retries = 0;
  std::uint64_t drift_checks = 0;
  std::map<JobOutcome, Durations> durations;
  /// From the request of a job to its success.
  Durations until_deployed;
};

struct EnvironmentStatus {
  EnvironmentId id;
  /// Its name if that is unique, else `<repository>.<name>`; used in URLs.
  std::string key;
  std::string project_id;
  /// The address of a commit's page without its id, at the repository's host; empty if there is none.
  std::string commit_pages;
  /// The branch that deploys it; empty if none does.
  std::string branch;
  /// Why no branch deploys it; empty if one does.
  std::string not_followed;
  /// Nothing before the first deployment.
  std::optional<Deployed> deployed;
  /// Deployed flows that the repository no longer has, and that are not deleted.
  std::vector<std::string> left_behind;
  /// The newest commit whose flows are deployed; it may have changed none.
  std::optional<CommitLine> level_with;
  std::optional<WaitingJob> waiting;
  std::optional<RunningJob> running;
  /// Newest first, at most `kRecentJobs`, without those that found nothing to do.
  std::vector<FinishedJob> recent;
  std::optional<DriftReport> drift;
  /// Since when it has been failing; nothing if it is not.
  std::optional<Time> failing_since;
  std::string failure;
  std::optional<Time> last_success;
  Tally tally;
};

/// The flows that the last deployment did not update.
std::vector<std::string> not_updated(const EnvironmentStatus& environment);

/// What to do about a console edit that can be neither restored nor adopted, because the repository no longer has the
/// flow.
std::string hint_on_removed(const std::string& environment, const std::string& flow_id);

/// The state of an environment: the first of these that applies, in the order of their texts.
enum class State {
  failing,     ///< its commit can't be deployed, or its branch is unclear
  running,     ///< a job is running
  waiting,     ///< a job is waiting
  drifted,     ///< changed outside flowship since the last deployment
  unknown,     ///< flows could not be exported, or the last drift check failed
  live,        ///< up to date
  unfollowed,  ///< no branch deploys it
  empty        ///< nothing has been deployed yet
};

std::string_view to_text(State state);
State state_of(const EnvironmentStatus& environment);

inline constexpr std::size_t kRecentJobs = 20;

/// Whether pages offer to start something, which needs a status token.
enum class Buttons { none, offered };

struct MirrorStatus {
  std::string repository;
  /// Since when it is reachable or not; nothing before the first fetch.
  std::optional<Time> since;
  bool reachable = false;
  /// Why not.
  std::string failure;
  std::optional<Time> last_fetch;
  /// Its flowship.json names the branches of environments; empty if it is not known.
  std::string default_branch = {};
  std::uint64_t fetches = 0;
  std::uint64_t failed_fetches = 0;
};

struct DaemonStatus {
  /// Incremented with every change, so that a client can see that something is new.
  std::uint64_t version = 0;
  Time started;
  bool stopping = false;
  std::chrono::milliseconds unhealthy_after{0};
  std::vector<EnvironmentStatus> environments;
  std::vector<MirrorStatus> mirrors;
  /// Webhook deliveries, by forge and outcome ("accepted", "refused", …).
  std::map<std::pair<std::string, std::string>, std::uint64_t> deliveries;
  std::uint64_t notices_sent = 0;
  std::uint64_t notices_lost = 0;
};

/// The environment with this key.
std::optional<EnvironmentStatus> environment_of(const DaemonStatus& status, const std::string& key);

/// The answer to a readiness probe.
struct Health {
  bool ready = true;
  /// Why not, one sentence each.
  std::vector<std::string> reasons;
};

/// Not ready if a repository can't be fetched, an environment has been failing for longer than `unhealthy_after`, or
/// the daemon is stopping.
Health health_of(const DaemonStatus& status, Time now);

}  // namespace flowship::daemon
