#include "deploy/pull/adopt.hpp"

#include "base/error.hpp"
#include "base/text/printable.hpp"
#include "deploy/live/live_state.hpp"
#include "deploy/pull/live_merge.hpp"
#include "deploy/pull/worktree_flows.hpp"

#include <algorithm>
#include <utility>

namespace flowship::deploy {

namespace {

/// A flow whose live state is not as it was deployed.
struct EditedFlow {
  std::string flow_id;
  /// Nothing where it was deleted.
  std::optional<LiveVersion> live;
  const flow::Flow* sent = nullptr;
  /// Why it could not be exported; may be empty.
  std::string error = {};
};

/// The drifted flows: those among the plan's steps, with their live state, and others, which are asked for.
std::vector<EditedFlow> edited_flows(const Plan& plan, api::Service& service) {
  std::vector<EditedFlow> edited;
  for (const Change& change : plan.changes) {
    if (change.treatment != Treatment::leave) continue;
    EditedFlow& flow = edited.emplace_back();
    flow.flow_id = change.flow_id;
    if (change.live) flow.live = change.live->version;
    if (change.before) flow.sent = &*change.before;
  }
  for (const Drift& drift : plan.drift.value_or(std::vector<Drift>())) {
    const bool is_step = std::any_of(plan.changes.begin(), plan.changes.end(),
                                     [&](const Change& change) { return change.flow_id == drift.flow_id; });
    if (is_step || !drift.counts() || drift.match == LiveMatch::foreign) continue;
    EditedFlow& flow = edited.emplace_back();
    flow.flow_id = drift.flow_id;
    if (drift.match == LiveMatch::missing) continue;
    LiveAnswer answer = read_live_flow(drift.flow_id, service);
    flow.live = std::move(answer.version);
    flow.error = std::move(answer.error);
  }
  return edited;
}

/// Merges flow by flow, and writes at the end.
class Adopting {
 public:
  Adopting(const Workspace& workspace, const std::optional<LedgerEntry>& head, Deployment& deployment)
      : workspace_(workspace),
        head_(head),
        deployment_(deployment),
        sources_(workspace, head, git::Revision::of_worktree(workspace.repository)) {}

  /// A flow that can't be merged stops no other.
  void try_to_take(const EditedFlow& edited) {
    try {
      take(edited);
    } catch (const Error& error) {
      note({.flow_id = edited.flow_id,
            .reason = error.message(),
            .hint = error.hint(),
            .conflicts = {},
            .documents = {}});
    }
  }

  void write() const {
    workspace_.repository.change_worktree(files_);
    for (const auto& [path, text] : files_) deployment_.adopted_paths.push_back(path);
    deployment_.adopted = true;
  }

 private:
  void take(const EditedFlow& edited) {
    const std::string environment = workspace_.environment.name_in_commands();
    if (!edited.error.empty()) throw Error(edited.error);
    const flow::Flow* const source = sources_.find_whole(edited.flow_id);
    if (source == nullptr) {
      // What neither side has is settled.
      if (edited.live) {
        note(
            deletion_conflict(edited.flow_id, "edited in the console, and removed from the working tree", environment));
      }
    } else if (!edited.live) {
      note(deletion_conflict(edited.flow_id, "deleted in the console", environment));
    } else {
      merge(edited, *source);
    }
  }

  void merge(const EditedFlow& edited, const flow::Flow& source) {
    LiveMerge result =
        merge_live(workspace_, head_, {.ours = source, .sources = sources_, .live = *edited.live, .sent = edited.sent});
    if (result.conflict) {
      note(std::move(*result.conflict));
      return;
    }
    for (const std::string& pointer : result.beyond_source) {
      deployment_.warnings.push_back(beyond_source_text(edited.flow_id, pointer, deployment_.environment));
    }
    if (FlowResult* step = step_of(edited.flow_id)) {
      step->paths.clear();
      for (const auto& [path, text] : result.files) step->paths.push_back(path);
      step->hint = !result.files.empty()          ? "the console edit is now in the working tree"
                   : result.beyond_source.empty() ? "the working tree has the console edit already; commit it"
                                                  : "the source already has what it can express; see the warnings";
    }
    deployment_.new_ids.insert(deployment_.new_ids.end(), result.new_ids.begin(), result.new_ids.end());
    files_.insert(result.files.begin(), result.files.end());
  }

  void note(FlowConflicts conflicts) {
    if (FlowResult* step = step_of(conflicts.flow_id)) {
      step->paths.clear();
      step->hint = conflicts.reason + (conflicts.hint.empty() ? "" : "; " + conflicts.hint);
    }
    deployment_.conflicts.push_back(std::move(conflicts));
  }

  FlowResult* step_of(const std::string& flow_id) {
    const auto found = std::find_if(deployment_.flows.begin(), deployment_.flows.end(),
                                    [&](const FlowResult& flow) { return flow.flow_id == flow_id; });
    return found == deployment_.flows.end() ? nullptr : &*found;
  }

  const Workspace& workspace_;
  const std::optional<LedgerEntry>& head_;
  Deployment& deployment_;
  WorktreeFlows sources_;
  flow::FileChanges files_;
};

}  // namespace

void expect_working_tree(const Workspace& workspace) {
  if (!workspace.repository.is_bare()) return;
  throw usage_error("a bare repository has no working tree to adopt drift into",
                    "deploy from a clone, or choose fail, skip or overwrite with --on-drift");
}

std::string beyond_source_text(const std::string& flow_id, const std::string& pointer, const std::string& environment) {
  return "`" + flow_id + "`: " + printable(pointer) + " was edited on the service, but " + kConfigFile +
         " sets it for `" + environment + "`: change it there, or the next deployment finds drift again";
}

void adopt(const Workspace& workspace, const std::optional<LedgerEntry>& head, const Plan& plan, api::Service& service,
           Deployment& deployment) {
  Adopting adopting(workspace, head, deployment);
  for (const EditedFlow& edited : edited_flows(plan, service)) adopting.try_to_take(edited);
  adopting.write();
}

}  // namespace flowship::deploy
