#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "deploy/plan/plan.hpp"
#include "deploy/pull/flow_conflicts.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace flowship::deploy {

enum class FlowOutcome {
  pending,  ///< not ended: the deployment is under way, or died
  deployed,
  deleted,
  unchanged,  ///< the service had it as desired already: recorded without a request
  failed,
  skipped,
  drifted,
  restored,
};

std::string_view to_text(FlowOutcome outcome);

/// Whether the step was carried out, or there was nothing to carry out.
bool is_done(FlowOutcome outcome);

/// What became of one step of a plan: what apply returns, the ledger keeps, and reports and daemon show.
struct FlowResult {
  std::string flow_id;
  Action action = Action::update;
  Reason reason = Reason::changed;
  FlowOutcome outcome = FlowOutcome::pending;
  /// Import (or delete) requests that were sent.
  int attempts = 0;
  /// Why, unless it was deployed; empty otherwise.
  std::string error = {};
  /// What the user can do about it; may be empty, and is not kept in the ledger.
  std::string hint = {};
  /// `sha256:…` of the flow's value as it was (or is to be) sent; empty for a removal.
  std::string payload = {};
  std::vector<std::string> paths = {};
  /// What was edited in the console, where it drifted; not kept in the ledger.
  flow::Description edits = {};
  /// What the service's list said of it afterwards.
  std::optional<api::FlowTag> tag = {};
  /// Whether the service was asked before anything was sent, and did not have it.
  bool absent = false;
  /// Whether the service took it is not known: the next deployment asks.
  bool unknown = false;
  /// While it is pending, and where its outcome is unknown: the paths that the ledger had for it before.
  std::vector<std::string> deployed_paths = {};
};

/// A step of a plan before it is carried out; without `payload`, which takes time to compute.
FlowResult pending_result(const Change& change);

/// What became of a plan.
struct Deployment {
  /// What does the same again, without `flowship` and `--env`: `rollback 1a2b3c4d`.
  std::string command = "deploy";
  std::string environment;
  /// As of the environment's configuration, for the commands of hints.
  std::string name_in_commands = {};
  std::string project_id;
  std::string target;
  /// The ledger commit that records it; nothing when there was nothing to record.
  std::optional<git::ObjectId> record;
  std::vector<FlowResult> flows;
  /// Flows that the repository no longer has, and that are not deleted; with `prune`, `warnings` has the reasons.
  std::vector<std::string> left_behind;
  bool prune = false;
  int unchanged = 0;
  /// The flows that the command named; empty: all.
  std::vector<std::string> chosen = {};
  std::vector<std::string> warnings;
  /// Why the result could not be recorded. The intent remains, so that the next deployment queries the service and
  /// records that.
  std::optional<Error> unrecorded;
  /// It is kept in this clone until it can be shared.
  bool is_kept = false;
  /// The signal that ended it early; 0 for none.
  int stopped_by = 0;
  /// The key was refused, so the rest was not tried.
  bool credentials_refused = false;
  /// Flows whose live state differs from the last deployed state, or is unknown; overwritten or not.
  std::vector<Drift> drift;
  /// How many flows were only found in the list of the service, which tells no versions.
  std::size_t not_compared = 0;
  /// A flow of the change set was not sent because of drift.
  bool drifted = false;
  /// Whether the live state of a flow could not be found out.
  bool has_unknown() const;
  /// Why nothing was sent: the target is older than what is there by now, which was to be skipped; empty if it is not.
  std::string superseded;
  /// Drift was adopted into the working tree, into these files.
  bool adopted = false;
  std::vector<std::string> adopted_paths;
  /// Tasks and screens of the working tree that got other ids.
  std::vector<flow::NewId> new_ids;
  /// Flows whose edits could not be merged into the working tree.
  std::vector<FlowConflicts> conflicts;

  bool ok() const;
};

/// The record whose flows a rollback or a promotion deploys.
struct Origin {
  std::string environment;
  /// Full id.
  std::string record;

  bool operator==(const Origin&) const = default;
};

/// A deployment as recorded in the ledger.
struct PastDeployment {
  git::ObjectId record;
  std::string target;
  Time time;
  std::vector<FlowResult> flows;
  /// Still running, or died.
  bool unfinished = false;
  /// `deploy`, `rollback`, `promote` or `recover`.
  std::string_view kind = {};
  /// Of a rollback or a promotion.
  std::optional<Origin> origin = {};
  /// Of the target; empty if the repository did not have it.
  std::string subject = {};
  std::string author = {};
  /// The git identity that recorded it.
  std::string deployed_by = {};
};

enum class FlowState {
  in_sync,
  pending,
  drifted,
  missing,
  unmanaged,
  unknown,  ///< the service lists the flow, but does not export it
};

std::string_view to_text(FlowState state);

struct FlowStatus {
  std::string flow_id;
  FlowState state = FlowState::in_sync;
};

/// What is deployed in an environment, compared with the revision and, unless offline, with the live state.
struct Status {
  std::string environment;
  /// As of the environment's configuration, for the commands of hints.
  std::string name_in_commands = {};
  /// The options without which `deploy` refuses what is checked out.
  std::string command_target = {};
  std::string project_id;
  /// Nothing when nothing was ever deployed.
  std::optional<PastDeployment> deployed;
  std::vector<FlowStatus> flows;
  /// Flows that the repository no longer has, and that are not deleted; with `prune`, `warnings` has the reasons.
  std::vector<std::string> left_behind;
  bool prune = false;
  /// What became of the flows that are not as they were deployed.
  std::vector<Drift> drift;
  bool offline = false;
  std::vector<std::string> warnings;
};

/// Follows a deployment; called from several threads at once.
class Progress {
 public:
  virtual ~Progress() = default;
  /// A part of the work begins, which takes that many steps; 0: not known.
  virtual void phase(std::string_view what, std::size_t steps) = 0;
  /// One of them is done.
  virtual void stepped() = 0;
  /// The plan is carried out from here on.
  virtual void started(std::size_t steps) = 0;
  virtual void sending(const Change& change) = 0;
  /// The service accepted it; what it holds then is read back later.
  virtual void accepted(const Change& change) = 0;
  /// The service asked to wait, or a request is being retried.
  virtual void waiting(const std::string& why) = 0;
  virtual void done(const FlowResult& result) = 0;
  virtual void finished() = 0;
};

/// Reports nothing.
class Silence : public Progress {
 public:
  void phase(std::string_view, std::size_t) override {}
  void stepped() override {}
  void started(std::size_t) override {}
  void sending(const Change&) override {}
  void accepted(const Change&) override {}
  void waiting(const std::string&) override {}
  void done(const FlowResult&) override {}
  void finished() override {}
};

}  // namespace flowship::deploy
