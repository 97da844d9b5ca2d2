#pragma once

#include "check/findings/finding.hpp"
#include "deploy/live/drift.hpp"
#include "flow/describe/description.hpp"
#include "flow/model/flow.hpp"
#include "flow/model/overrides.hpp"
#include "git/objects/object_id.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace flowship::deploy {

enum class Action { create, update, remove };
enum class Reason { added, changed, removed, config };

std::string_view to_text(Action action);
std::string_view to_text(Reason reason);

/// One flow that differs between the revision and what is deployed.
struct Change {
  std::string flow_id;
  Action action = Action::update;
  Reason reason = Reason::changed;
  /// The files that it is read from; for a removal those that it was deployed from. Sorted.
  std::vector<std::string> paths;
  /// The flow as it is to be sent, overrides carried out; nothing for a removal.
  std::optional<flow::Flow> flow;
  /// The flow as it was sent the last time, as far as that is known; nothing for a creation.
  std::optional<flow::Flow> before;
  /// It is sent as its source says, without the environment's overrides.
  bool exact = false;
  /// What the service holds of it is not certain, so it is asked before anything is sent.
  bool uncertain = false;
  /// The paths that the ledger has for it now.
  std::vector<std::string> deployed_paths;
  /// For a removal: the flows of the revision that still use it as a subflow.
  std::vector<std::string> used_by;
  /// Those of the plan's flows that it uses as subflows, which go first.
  std::vector<std::string> after;

  /// The digest of `flow`; empty for a removal. Computed when it is asked for: a plan that is only shown needs none.
  std::string digest() const;

  /// How `flow` differs from `before`, in its own terms; empty where one of them is not there.
  flow::Description description() const;
};

/// A flow whose files changed in form alone: nothing is sent, but the ledger moves on to the new files.
struct Reformatted {
  std::string flow_id;
  flow::Source source;
  /// What the service holds of it is not certain, so it is asked before anything is sent.
  bool uncertain = false;
  /// The paths that the ledger has for it now.
  std::vector<std::string> deployed_paths;
};

/// What a deployment is to do: a value, shown by `plan` and carried out by `deploy`.
struct Plan {
  std::string environment;
  /// May be empty where it is not known (`plan` needs no credentials).
  std::string project_id;
  /// A full commit id, `index` or `worktree`.
  std::string target;
  /// The ledger's newest commit.
  std::optional<git::ObjectId> base;
  /// In the order in which they are carried out: subflows first, else by id; removals last.
  std::vector<Change> changes;
  std::vector<Reformatted> reformatted;
  /// Changes that the command was not asked to carry out.
  std::vector<Change> left_out;
  /// Flows that are deployed and stay as they are.
  int unchanged = 0;
  /// What validation says of the flows in `changes` and of what they touch.
  std::vector<check::Finding> findings;
  /// Other things worth describe, such as an interrupted deployment that is still to be settled.
  std::vector<std::string> warnings;
  /// Whether removals are carried out, or only shown.
  bool prune = false;
  /// What the service holds otherwise than it was left there; nothing where it was not asked.
  std::optional<std::vector<Drift>> drift;

  bool has_changes() const { return !changes.empty(); }
  /// Whether a deployment sends a request for it (removals are only shown).
  bool has_something_to_send() const {
    return std::any_of(changes.begin(), changes.end(),
                       [](const Change& change) { return change.action != Action::remove; });
  }
};

}  // namespace flowship::deploy
