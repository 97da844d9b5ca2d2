#include "deploy/comparison.hpp"

#include "base/error.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

namespace flowship::deploy {

namespace {

using git::Entry;
using git::TreeDifference;

/// Gives the files directly in a folder.
using ListFolder = std::function<std::vector<Entry>(const std::string& folder)>;

bool by_path(const Entry& a, const Entry& b) { return a.path < b.path; }

/// What `git::Repository::differences` gives for trees, for two lists: paths with other blobs, or on one side alone.
/// Files of the working tree have no ids, so they all count as different.
std::vector<TreeDifference> differences(std::vector<Entry> before, std::vector<Entry> after) {
  std::sort(before.begin(), before.end(), by_path);
  std::sort(after.begin(), after.end(), by_path);
  std::vector<TreeDifference> result;
  auto old = before.begin();
  auto now = after.begin();
  while (old != before.end() || now != after.end()) {
    if (now == after.end() || (old != before.end() && old->path < now->path)) {
      result.push_back({.before = *old++, .after = {}});
    } else if (old == before.end() || now->path < old->path) {
      result.push_back({.before = {}, .after = *now++});
    } else {
      if (now->id.is_zero() || *old != *now) result.push_back({.before = *old, .after = *now});
      ++old, ++now;
    }
  }
  return result;
}

/// What differs, and how to list a folder, on both sides.
struct Sides {
  std::vector<TreeDifference> differences;
  ListFolder before;
  ListFolder after;
};

ListFolder list_of(std::vector<Entry> files) {
  auto folders = std::make_shared<std::map<std::string, std::vector<Entry>>>();
  for (Entry& file : files) (*folders)[folder_of(file.path)].push_back(std::move(file));
  return [folders](const std::string& folder) {
    const auto found = folders->find(folder);
    return found == folders->end() ? std::vector<Entry>() : found->second;
  };
}

ListFolder list_of(const git::Repository& repository, const git::ObjectId& tree) {
  return [&repository, tree](const std::string& folder) {
    return tree.is_zero() ? std::vector<Entry>() : repository.files_in(tree, folder);
  };
}

Sides sides_of(const ComparisonInputs& inputs, const git::ObjectId& deployed) {
  const git::Repository& repository = inputs.repository;
  const git::TreeScope scope{.prefixes = inputs.config.sources};
  // Flows that lie outside of what is looked at now were deployed when it was set otherwise.
  const bool moved_scope = inputs.head && inputs.head->record.sources != inputs.config.sources;
  if (inputs.revision.tree() && !inputs.everything && !moved_scope) {
    return {.differences = repository.differences(deployed, *inputs.revision.tree(), scope),
            .before = list_of(repository, deployed),
            .after = list_of(repository, *inputs.revision.tree())};
  }
  const std::vector<Entry> before = deployed.is_zero() ? std::vector<Entry>() : repository.files(deployed);
  const std::vector<Entry> after = inputs.revision.files(scope);
  Sides sides;
  if (inputs.everything) {
    for (const Entry& file : before) sides.differences.push_back({.before = file, .after = {}});
    for (const Entry& file : after) sides.differences.push_back({.before = {}, .after = file});
  } else {
    sides.differences = differences(before, after);
  }
  sides.before = list_of(before);
  sides.after = list_of(after);
  return sides;
}

/// Collects what has to be read of one side: whole folders of snapshot flows, else the files that differ.
class Touched {
 public:
  explicit Touched(const ListFolder& list) : list_(list) {}

  /// A file of this side (or, where it has none, of the other) differs.
  void add(const std::string& path, const std::optional<Entry>& entry) {
    const std::string folder = folder_of(path);
    if (is_snapshot_file(name_of(path))) whole_.insert(folder);
    // A list of flows can only be held against all the folders beside it, which are not read here.
    if (name_of(path) == "flows.json") return;
    if (entry && (path.ends_with(".json") || entry->kind != git::EntryKind::file)) files_.emplace(path, *entry);
  }

  void add_folder(const std::string& folder) { whole_.insert(folder); }

  std::vector<Entry> entries() const {
    std::map<std::string, Entry> all = files_;
    std::set<std::string> folders = whole_;
    // A link or another file in a snapshot's folder concerns the flow there.
    for (const auto& [path, entry] : files_) {
      if (entry.kind != git::EntryKind::file) folders.insert(folder_of(path));
    }
    for (const std::string& folder : folders) {
      for (Entry& entry : list_(folder)) {
        if (entry.path.ends_with(".json") || entry.kind != git::EntryKind::file) {
          std::string path = entry.path;
          all.emplace(std::move(path), std::move(entry));
        }
      }
    }
    std::vector<Entry> result;
    for (auto& [path, entry] : all) result.push_back(std::move(entry));
    return result;
  }

 private:
  const ListFolder& list_;
  std::set<std::string> whole_;
  std::map<std::string, Entry> files_;
};

}  // namespace

Comparison compare(const ComparisonInputs& inputs) {
  const git::ObjectId deployed = inputs.head ? inputs.ledger.deployed(*inputs.head) : git::ObjectId();
  const Sides sides = sides_of(inputs, deployed);
  Touched touched_before(sides.before);
  Touched touched_after(sides.after);
  for (const TreeDifference& difference : sides.differences) {
    const std::string& path = difference.before ? difference.before->path : difference.after->path;
    touched_before.add(path, difference.before);
    touched_after.add(path, difference.after);
  }
  if (inputs.head) {
    for (const auto& [flow_id, state] : inputs.head->record.unsettled) {
      for (const std::string& path : state.paths) {
        touched_before.add_folder(folder_of(path));
        touched_after.add_folder(folder_of(path));
      }
    }
  }
  Comparison comparison;
  const std::vector<Entry> before = touched_before.entries();
  // Everything in the ledger is a flow's, so its folders need no proof.
  flow::Scope ledger_scope;
  for (const Entry& entry : before) {
    ledger_scope.known.insert(is_snapshot_file(name_of(entry.path)) ? folder_of(entry.path) : entry.path);
  }
  comparison.before = flow::read_flows(before, ledger_scope,
                                       [&inputs](const Entry& entry) { return inputs.repository.blob(entry.id); });
  flow::Scope scope{.sources = inputs.config.sources, .known = {}};
  for (const flow::Flow& flow : comparison.before.flows) scope.known.insert(flow.source.path);
  comparison.after = flow::read_flows(touched_after.entries(), scope,
                                      [&inputs](const Entry& entry) { return inputs.revision.read(entry); });
  return comparison;
}

}  // namespace flowship::deploy
