#include "deploy/plan/comparison.hpp"

#include "base/files/path.hpp"
#include "deploy/ledger/deployed_flows.hpp"
#include "deploy/plan/changed_paths.hpp"
#include "flow/layouts/layouts.hpp"

#include <algorithm>
#include <set>

namespace flowship::deploy {

namespace {

using git::Entry;

Sides sides_of(const Workspace& workspace, const std::optional<LedgerEntry>& head, ReadFlows flows,
               const git::ObjectId& deployed) {
  const git::Repository& repository = workspace.repository;
  const git::Revision& revision = workspace.revision;
  const git::TreeScope scope{.prefixes = workspace.config.sources};
  // Flows outside the sources of today may have been deployed with others.
  const bool moved_scope = head && head->record.sources != workspace.config.sources;
  if (revision.tree() && flows == ReadFlows::changed && !moved_scope) {
    return sides_of_trees(repository, deployed, *revision.tree(), scope);
  }
  const std::vector<Entry> before = deployed.is_zero() ? std::vector<Entry>() : repository.files(deployed);
  const std::vector<Entry> after = revision.files(scope);
  Sides sides = sides_of_files(before, after);
  if (flows == ReadFlows::changed) return sides;
  sides.differences.clear();
  for (const Entry& file : before) sides.differences.push_back({.before = file, .after = {}});
  for (const Entry& file : after) sides.differences.push_back({.before = {}, .after = file});
  return sides;
}

}  // namespace

Comparison compare(const Workspace& workspace, const std::optional<LedgerEntry>& head, ReadFlows flows) {
  const git::ObjectId deployed = head ? workspace.ledger.deployed(*head) : git::ObjectId();
  const Sides sides = sides_of(workspace, head, flows, deployed);
  std::set<std::string> unsettled;
  if (head) {
    for (const auto& [flow_id, state] : head->record.unsettled) {
      for (const std::string& path : state.paths) unsettled.emplace(folder_of(path));
    }
  }
  const Touched files = touched(sides, unsettled);
  Comparison comparison;
  comparison.before = flow::read_flows(files.before, ledger_scope(files.before), [&workspace](const Entry& entry) {
    return workspace.repository.blob(entry.id);
  });
  flow::Scope scope{.sources = workspace.config.sources, .known = {}};
  for (const flow::Flow& flow : comparison.before.flows) scope.known.insert(flow.source.path);
  comparison.after =
      flow::read_flows(files.after, scope, [&workspace](const Entry& entry) { return workspace.revision.read(entry); });
  return comparison;
}

bool are_same_files(const git::Revision& revision, const std::vector<Entry>& files,
                    const std::vector<Entry>& deployed) {
  if (!revision.is_worktree()) return files == deployed;
  // The working tree is not hashed.
  return std::equal(files.begin(), files.end(), deployed.begin(), deployed.end(),
                    [&](const Entry& file, const Entry& old) {
                      return file.path == old.path && file.kind == old.kind &&
                             revision.read(file) == revision.repository().blob(old.id);
                    });
}

}  // namespace flowship::deploy
