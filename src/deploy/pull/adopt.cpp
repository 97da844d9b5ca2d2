#include "deploy/pull/adopt.hpp"

#include "base/error.hpp"
#include "base/text/printable.hpp"
#include "flow/layouts/reading.hpp"
#include "flow/layouts/writing.hpp"
#include "flow/merge/adoption.hpp"

#include <algorithm>
#include <utility>

namespace flowship::deploy {

namespace {

/// What is to be written for one flow.
struct Taken {
  std::string flow_id;
  flow::FileChanges files;
  /// Pointers of `set` whose values were edited on the service.
  std::vector<std::string> beyond_source;
};

/// Prepares what to write, flow by flow, and writes it at the end.
class Adopting {
 public:
  Adopting(const Workspace& workspace, const std::optional<LedgerEntry>& head)
      : workspace_(workspace), head_(head), worktree_(git::Revision::of_worktree(workspace.repository)) {}

  void take(const Change& change, const LiveVersion& live) {
    const flow::Flow source = source_of(change);
    std::optional<flow::Flow> after;
    std::optional<KeptExport> kept;
    if (head_) kept = workspace_.ledger.after(*head_, change.flow_id);
    if (kept) after = kept->flow({live.text});
    flow::Adopted adopted = flow::adopted(live.flow, {.source = source,
                                                      .overrides = workspace_.environment.overrides,
                                                      .sent = change.before ? &*change.before : nullptr,
                                                      .after = after ? &*after : nullptr});
    refuse_digests(adopted.flow, "written");
    flow::FileChanges files = flow::files_of(adopted.flow, source.source.layout, source.source.path, &source);
    for (const std::string& path : change.paths) touched_.push_back(path);
    for (const auto& [path, text] : files) touched_.push_back(path);
    taken_.push_back({change.flow_id, std::move(files), std::move(adopted.beyond_source)});
  }

  const std::vector<Taken>& write() {
    expect_committed();
    flow::FileChanges all;
    for (const Taken& taken : taken_) all.insert(taken.files.begin(), taken.files.end());
    workspace_.repository.change_worktree(all);
    return taken_;
  }

 private:
  /// The flow as it is in the working tree, without the environment's overrides.
  flow::Flow source_of(const Change& change) const {
    const std::string& path = change.flow->source.path;
    flow::Reading reading = flow::read_flows(worktree_.files({.prefixes = {path}}), {.sources = {}, .known = {path}},
                                             [&](const git::Entry& entry) { return worktree_.read(entry); });
    for (flow::Flow& flow : reading.flows) {
      if (flow.id == change.flow_id && flow.source.path == path && flow.complete) return std::move(flow);
    }
    throw Error("the working tree has no flow `" + change.flow_id + "` at " + printable(path) +
                    ", so the console edit can't be adopted",
                "check out what is being deployed, and deploy again");
  }

  void expect_committed() {
    std::sort(touched_.begin(), touched_.end());
    touched_.erase(std::unique(touched_.begin(), touched_.end()), touched_.end());
    const std::vector<std::string> changed = workspace_.repository.uncommitted(touched_);
    if (changed.empty()) return;
    throw Error("adopting would overwrite uncommitted changes: " + printable(changed.front()) +
                    (changed.size() == 1 ? "" : " and " + std::to_string(changed.size() - 1) + " more"),
                "commit or stash them, and deploy again; nothing was sent or written");
  }

  const Workspace& workspace_;
  const std::optional<LedgerEntry>& head_;
  git::Revision worktree_;
  std::vector<Taken> taken_;
  std::vector<std::string> touched_;
};

void tell(const Taken& taken, Deployment& deployment) {
  const auto result = std::find_if(deployment.flows.begin(), deployment.flows.end(),
                                   [&](const FlowResult& flow) { return flow.flow_id == taken.flow_id; });
  result->paths.clear();
  for (const auto& [path, text] : taken.files) result->paths.push_back(path);
  result->hint = taken.files.empty() ? "the source already has what it can express; see the warnings"
                                     : "the console edit is now in the working tree";
  for (const std::string& pointer : taken.beyond_source) {
    deployment.warnings.push_back(beyond_source_text(taken.flow_id, pointer, deployment.environment));
  }
}

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

void adopt(const Workspace& workspace, const std::optional<LedgerEntry>& head, const Plan& plan,
           Deployment& deployment) {
  Adopting adopting(workspace, head);
  for (const Change& change : plan.changes) {
    if (change.treatment != Treatment::leave) continue;
    if (change.flow) {
      adopting.take(change, *change.live->version);
    } else {
      deployment.warnings.push_back("`" + change.flow_id +
                                    "` was removed from the repository, so its edit can't be adopted; "
                                    "`flowship pull` brings it back");
    }
  }
  for (const Taken& taken : adopting.write()) tell(taken, deployment);
  deployment.adopted = true;
}

}  // namespace flowship::deploy
