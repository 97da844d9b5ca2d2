#include "deploy/pull/worktree_flows.hpp"

#include "base/error.hpp"
#include "base/files/path.hpp"
#include "base/text/printable.hpp"
#include "deploy/ledger/deployed_flows.hpp"

#include <algorithm>
#include <map>

namespace flowship::deploy {

namespace {

/// The folder for new flows.
constexpr const char* kUsualFolder = "ProjectSnapshot/flows";

[[noreturn]] void throw_unreadable(const flow::Problem& problem) {
  throw Error(printable(problem.path) + ":" + std::to_string(problem.position.line) + ":" +
                  std::to_string(problem.position.column) + ": " + problem.message,
              problem.hint + ", and run the command again");
}

}  // namespace

WorktreeFlows::WorktreeFlows(const Workspace& workspace, const std::optional<LedgerEntry>& head)
    : WorktreeFlows(workspace, head, workspace.revision) {}

WorktreeFlows::WorktreeFlows(const Workspace& workspace, const std::optional<LedgerEntry>& head,
                             const git::Revision& worktree)
    : workspace_(workspace) {
  const git::ObjectId deployed = head ? workspace.ledger.deployed(*head) : git::ObjectId();
  flow::Scope scope;
  if (!deployed.is_zero()) scope = ledger_scope(workspace.repository.files(deployed));
  scope.sources = workspace.config.sources;
  reading_ = flow::read_flows(worktree, scope);
  for (const flow::Problem& problem : reading_.problems) {
    if (problem.kind != flow::ProblemKind::syntax || !problem.flow_id.empty()) continue;
    const std::string_view name = name_of(problem.path);
    broken_.emplace(name.substr(0, name.rfind('.')), &problem);
    for (const flow::Flow& flow : flows_in(workspace.repository, deployed, {problem.path}).flows) {
      broken_.insert_or_assign(flow.id, &problem);
    }
  }
}

bool WorktreeFlows::has(const std::string& flow_id) const {
  return std::any_of(reading_.flows.begin(), reading_.flows.end(),
                     [&](const flow::Flow& flow) { return flow.id == flow_id; });
}

const flow::Flow* WorktreeFlows::find(const std::string& flow_id) const {
  const flow::Flow* found = nullptr;
  for (const flow::Flow& flow : reading_.flows) {
    if (flow.id != flow_id) continue;
    if (found != nullptr) {
      throw Error("it is defined twice: " + printable(found->source.path) + " and " + printable(flow.source.path),
                  "remove one of the two, and run the command again");
    }
    found = &flow;
  }
  return found;
}

const flow::Flow* WorktreeFlows::find_whole(const std::string& flow_id) const {
  const flow::Flow* const found = find(flow_id);
  if (found == nullptr) {
    const auto broken = broken_.find(flow_id);
    if (broken != broken_.end()) throw_unreadable(*broken->second);
  } else if (!found->complete) {
    for (const flow::Problem& problem : reading_.problems) {
      if (problem.flow_id == flow_id) throw_unreadable(problem);
    }
  }
  return found;
}

std::string WorktreeFlows::new_place(const std::string& flow_id, flow::Layout layout) const {
  const std::string folder = folder_for(layout);
  std::string path = folder.empty() ? flow_id : folder + "/" + flow_id;
  if (layout != flow::Layout::snapshot) path += ".json";
  if (!flow::Scope{.sources = workspace_.config.sources, .known = {}}.covers(path)) {
    throw Error("no source of " + std::string(kConfigFile) + " is a folder that it could be written into");
  }
  return path;
}

std::string WorktreeFlows::folder_for(flow::Layout layout) const {
  std::map<std::string, int> folders;
  for (const flow::Flow& flow : reading_.flows) {
    if (flow.source.layout == layout) ++folders[std::string(folder_of(flow.source.path))];
  }
  const auto most = std::max_element(folders.begin(), folders.end(),
                                     [](const auto& a, const auto& b) { return a.second < b.second; });
  if (most != folders.end()) return most->first;
  for (const std::string& source : workspace_.config.sources) {
    if (!source.ends_with(".json")) return source.ends_with('/') ? source.substr(0, source.size() - 1) : source;
  }
  return kUsualFolder;
}

}  // namespace flowship::deploy
