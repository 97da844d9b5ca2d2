#include "deploy/pull/adopted_commit.hpp"

#include "base/error.hpp"
#include "deploy/ledger/history.hpp"
#include "deploy/live/last_deployed.hpp"
#include "deploy/live/live_state.hpp"
#include "deploy/pull/adopt.hpp"
#include "deploy/pull/live_merge.hpp"
#include "deploy/pull/worktree_flows.hpp"

#include <map>

namespace flowship::deploy {

namespace {

git::ObjectId commit_files(const git::Repository& repository, const git::ObjectId& parent,
                           const flow::FileChanges& files, const std::string& message, Time time) {
  std::map<std::string, std::optional<git::Repository::TreeItem>> changes;
  for (const auto& [path, text] : files) {
    changes[path] = text ? std::optional(git::Repository::TreeItem{.id = repository.write_blob(*text)}) : std::nullopt;
  }
  return repository.write_commit({.tree = repository.write_tree(repository.facts(parent).tree, changes),
                                  .parents = {parent},
                                  .message = message,
                                  .time = time,
                                  .author = repository.author()});
}

}  // namespace

AdoptedCommit adopted_commit(Workspace& workspace, const git::ObjectId& parent, const std::string& flow_id,
                             const Connection& connection, const Context& context) {
  const std::string& environment = workspace.environment.name;
  Session session = open_session(workspace, connection, context);
  const std::optional<LedgerEntry> head = last_result(workspace.ledger, session.head);
  const WorktreeFlows sources(workspace, head);
  const flow::Flow* const source = sources.find_whole(flow_id);
  if (source == nullptr) throw Error("the repository does not have `" + flow_id + "`");
  const LiveAnswer live = read_live_flow(flow_id, session.service);
  if (!live.error.empty()) throw Error(live.error);
  if (!live.version) throw Error("the service does not have `" + flow_id + "`: there is nothing to adopt");
  const std::vector<Deployed> sent = LastDeployed(workspace.repository, workspace.ledger, head).flows({flow_id});
  const bool is_known = !sent.empty() && sent.front().sent;
  LiveMerge merged = merge_live(
      workspace, head,
      {.ours = *source, .sources = sources, .live = *live.version, .sent = is_known ? &*sent.front().sent : nullptr});
  AdoptedCommit result;
  for (const std::string& pointer : merged.beyond_source) {
    result.warnings.push_back(beyond_source_text(flow_id, pointer, environment));
  }
  result.conflict = std::move(merged.conflict);
  if (result.conflict || merged.files.empty()) return result;
  result.commit = commit_files(workspace.repository, parent, merged.files,
                               "Adopt the console edits of " + flow_id + " in " + environment, context.clock.now());
  return result;
}

}  // namespace flowship::deploy
