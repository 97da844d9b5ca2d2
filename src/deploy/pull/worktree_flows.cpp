#include "deploy/pull/worktree_flows.hpp"

#include "base/error.hpp"
#include "base/files/path.hpp"
#include "base/text/printable.hpp"

#include <algorithm>
#include <map>

namespace flowship::deploy {

namespace {

/// The folder for new flows.
constexpr const char* kUsualFolder = "ProjectSnapshot/flows";

}  // namespace

WorktreeFlows::WorktreeFlows(const Workspace& workspace) : WorktreeFlows(workspace, workspace.revision) {}

WorktreeFlows::WorktreeFlows(const Workspace& workspace, const git::Revision& revision) : workspace_(workspace) {
  reading_ = flow::read_flows(revision, {.sources = workspace.config.sources, .known = {}});
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
      throw Error("it is defined twice: " + printable(found->source.path) + " and " + printable(flow.source.path));
    }
    found = &flow;
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
