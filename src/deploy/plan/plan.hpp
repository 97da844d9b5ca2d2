#pragma once

#include "base/error.hpp"
#include "check/findings/finding.hpp"
#include "deploy/live/live_flow.hpp"
#include "flow/describe/description.hpp"
#include "flow/graph/sessions.hpp"
#include "flow/model/flow.hpp"
#include "flow/model/overrides.hpp"
#include "git/objects/object_id.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace flowship::deploy {

enum class Action { create, update, remove };
enum class Reason {
  added,
  changed,
  removed,
  config,
  drifted,  ///< edited in the console, and restored
  missing,  ///< deleted in the console, and restored
};

std::string_view to_text(Action action);
std::string_view to_text(Reason reason);

/// The paths of a flow's files.
std::vector<std::string> paths_of(const flow::Source& source);

/// What a deployment does about a change, once the live state is known.
enum class Treatment {
  send,      ///< a request is sent
  record,    ///< the service has it as desired already: nothing is sent
  leave,     ///< it was edited in the console, and stays as it is
  withhold,  ///< not sent, since another flow of the plan was edited
  unknown,   ///< not sent, since the live state could not be found out
};

/// One flow that differs between the revision and what is deployed.
struct Change {
  /// A path that the change opens, around a factor.
  struct OpenPath {
    flow::Path path;
    /// A kind, such as `otp-email`; empty where only their number is lower.
    std::string factor;
  };

  std::string flow_id;
  Action action = Action::update;
  Reason reason = Reason::changed;
  /// The files that it is read from; for a removal those that it was deployed from. Sorted.
  std::vector<std::string> paths;
  /// The flow as it would be sent, overrides applied; nothing for a removal.
  std::optional<flow::Flow> flow;
  /// The flow as it was last sent, as far as known; nothing for a creation.
  std::optional<flow::Flow> before;
  /// Sent without the environment's overrides.
  bool exact = false;
  /// The paths that the ledger has for it.
  std::vector<std::string> deployed_paths;
  /// The plan's flows that go first: those that it uses as subflows; for a removal, those that used it.
  std::vector<std::string> after;
  /// Nothing where the service was not queried.
  std::optional<LiveFlow> live;
  Treatment treatment = Treatment::send;
  std::vector<OpenPath> open_paths = {};

  /// The digest of `flow`; empty for a removal. Computed on demand: a plan that is only shown needs none.
  std::string digest() const;

  /// How `flow` differs from `before`; empty where there is only one of them.
  flow::Description description() const;
};

/// A flow whose files changed in form alone: nothing is sent, but the ledger gets the new files.
struct Reformatted {
  std::string flow_id;
  flow::Source source;
  /// The paths that the ledger has for it.
  std::vector<std::string> deployed_paths;
};

/// A flow that the repository no longer has, and that is not deleted.
struct LeftBehind {
  enum class Why { not_pruned, built_in, is_protected, used, edited, unknown, too_many };
  Change removal;
  Why why = Why::not_pruned;
  /// A flow that uses it as a subflow, or may do so, where that is why.
  std::string user;

  /// "`mfa` is not deleted: flowship.json protects it".
  std::string sentence() const;
};

/// A shortest path of the new flow that shows what is lost.
struct GuaranteeWitness {
  /// At most 200 steps.
  flow::Path path;
  bool is_truncated = false;
  /// Where its last rule is written; an empty path if that is not known.
  std::string source;
  int line = 1;
  int column = 1;
};

/// What a change does to what every path of a flow to a session passes.
struct GuaranteeChange {
  /// In the order in which they are listed.
  enum class Kind { assurance, gained, lost };
  std::string flow_id;
  Kind kind = Kind::lost;
  /// Empty for the assurance, which has two numbers of factors instead.
  std::string key = {};
  std::optional<std::size_t> from = {};
  std::optional<std::size_t> to = {};
  /// For what is lost or lower; shared by all that it shows, since there may be thousands. Else null.
  std::shared_ptr<const GuaranteeWitness> witness = {};
  /// For a factor that is lost, the title of a task that completed it.
  std::string task = {};
  /// Why flowship.json ignores it; empty if it does not.
  std::string ignored = {};

  bool is_loss() const;
};

std::string_view to_text(GuaranteeChange::Kind kind);

/// What a deployment does: the value that `plan` shows is the one that `deploy` carries out, and nothing is decided
/// after it.
struct Plan {
  std::string environment;
  /// As of the environment's configuration, for the commands of hints.
  std::string name_in_commands = {};
  /// May be empty where it is not known (`plan` needs no credentials).
  std::string project_id;
  /// A full commit id, `index` or `worktree`.
  std::string target;
  /// The ledger's newest commit.
  std::optional<git::ObjectId> base;
  /// The steps, in the order in which they are carried out: subflows first, else by id; deletions last.
  std::vector<Change> changes;
  std::vector<Reformatted> reformatted;
  /// The flows that the request names; empty: all.
  std::vector<std::string> chosen;
  /// Changes of flows that the request does not name.
  std::vector<Change> left_out;
  /// By id.
  std::vector<LeftBehind> left_behind;
  /// The most deletions, where there were more before the service was asked: what was edited in the console, or is gone
  /// already, does not count.
  std::optional<int> most_deletions;
  /// Flows that neither the repository nor the service has any more: only the ledger has to learn of it. No steps.
  std::vector<Change> gone;
  /// Deployed flows whose files can't be read as flows at the revision, by id.
  std::vector<std::string> unread;
  /// How many deployed flows stay as they are.
  int unchanged = 0;
  /// The findings of the flows in `changes`, and of what they affect.
  std::vector<check::Finding> findings;
  /// Other things worth knowing, such as an interrupted deployment that has to be recovered first.
  std::vector<std::string> warnings;
  /// Why `deploy` refuses the plan as a whole, and the option that allows it.
  std::optional<Error> refusal;
  /// Whether flows that the repository no longer has are deleted.
  bool prune = false;
  /// Flows whose live state differs from the last deployed state, or is unknown, by id; nothing where the service was
  /// not asked.
  std::optional<std::vector<Drift>> drift;
  /// How many flows were only found in the list of the service, which tells no versions.
  std::size_t not_compared = 0;
  /// What the list says of deployed flows that stay as they are, where it differs from what is recorded.
  std::map<std::string, api::FlowTag> new_tags;
  /// What the steps do to the flows' guarantees, by flow, change and key.
  std::vector<GuaranteeChange> guarantees;
  /// The command that carries it out, as for `command_hint`.
  struct Command {
    std::string name = "deploy";
    std::string options = {};
    /// The options without which it takes another target, or refuses this one.
    std::string target = {};
    std::vector<std::string> flows = {};
  };
  Command command = {};
  /// Nothing is sent, because of drift.
  bool stopped_by_drift = false;
  /// The note of the versions that its imports make (`changelog`); may be empty.
  std::string note;

  bool has_changes() const { return !changes.empty(); }
  /// Whether the live state of a flow could not be found out.
  bool has_unknown() const;
};

}  // namespace flowship::deploy
