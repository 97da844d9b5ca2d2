#include "base/text/printable.hpp"
#include "base/text/split.hpp"
#include "git/handle.hpp"
#include "git/objects/entry_limits.hpp"
#include "git/objects/raw_tree.hpp"
#include "git/remote/user_git.hpp"
#include "git/repository.hpp"

#include <algorithm>
#include <set>

namespace flowship::git {

namespace {

constexpr const char* kEmptyBlob = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";

Error conflict(std::string_view path) {
  return Error("the index has a conflict in " + printable(path), "resolve it, then run git add");
}

EntryKind kind_of(unsigned mode) { return TreeEntry{{}, mode, {}}.kind(); }

std::string git_output(const Repository& repository, const std::vector<std::string>& arguments) {
  ProcessResult result = run_git(repository, arguments);
  if (result.status != 0) throw Error("reading the index: " + complaint(result));
  return std::move(result.output);
}

/// The entries of an index that libgit2 can't read (split, sparse), from git.
std::vector<Entry> files_by_git(const Repository& repository, const TreeScope& scope) {
  std::vector<Entry> result;
  EntryLimits limits;
  bool maybe_intended = false;
  const std::string listing = git_output(repository, {"ls-files", "--stage", "-z"});
  for (const std::string_view line : split(listing, '\0')) {
    const std::size_t tab = line.find('\t');
    const auto id = line.size() > 47 ? ObjectId::from_hex(line.substr(7, 40)) : std::nullopt;
    if (!id || tab != 49) throw Error("reading the index: git ls-files printed an unexpected line");
    const std::string path(line.substr(tab + 1));
    if (!in_scope(scope.prefixes, path)) continue;
    limits.count(path);
    if (line[48] != '0') throw conflict(path);
    maybe_intended = maybe_intended || id->hex() == kEmptyBlob;
    result.push_back(
        {path, kind_of(static_cast<unsigned>(std::stoul(std::string(line.substr(0, 6)), nullptr, 8))), *id});
  }
  if (!maybe_intended) return result;
  // Here an intent-to-add entry looks like an empty file; diff-files reports it as added.
  const std::string added = git_output(repository, {"diff-files", "--name-only", "--diff-filter=A", "-z"});
  const std::vector<std::string_view> names = split(added, '\0');
  const std::set<std::string_view> intended(names.begin(), names.end());
  std::erase_if(result, [&](const Entry& entry) { return intended.contains(entry.path); });
  return result;
}

/// One side of a raw difference; nothing if the mode says that it does not exist.
std::optional<Entry> side_of(std::string_view mode, std::string_view id, const std::string& path) {
  if (mode == "000000") return std::nullopt;
  const std::optional<ObjectId> object = ObjectId::from_hex(id);
  if (!object) throw Error("reading the index: git diff-index printed an unexpected line");
  return Entry{path, kind_of(static_cast<unsigned>(std::stoul(std::string(mode), nullptr, 8))), *object};
}

/// `:100644 100644 <id> <id> M` and a path.
TreeDifference staged_difference(std::string_view facts, const std::string& path) {
  constexpr std::size_t kLength = 98;
  if (facts.size() < kLength || facts[0] != ':')
    throw Error("reading the index: git diff-index printed an unexpected line");
  if (facts[97] == 'U') throw conflict(path);
  return {.before = side_of(facts.substr(1, 6), facts.substr(15, 40), path),
          .after = side_of(facts.substr(8, 6), facts.substr(56, 40), path)};
}

/// The index as it is on disk now; null if libgit2 can't read it.
IndexHandle read_index(git_repository* repository) {
  git_index* raw = nullptr;
  if (git_repository_index(&raw, repository) < 0) return nullptr;
  IndexHandle index(raw);
  if (git_index_read(raw, 0) < 0) return nullptr;
  return index;
}

bool is_intended_only(const git_index_entry& entry) {
  return (entry.flags_extended & GIT_INDEX_ENTRY_INTENT_TO_ADD) != 0;
}

Entry staged_entry(const git_index_entry& entry) { return {entry.path, kind_of(entry.mode), from_oid(entry.id)}; }

}  // namespace

std::vector<Entry> Repository::index_files(const TreeScope& scope) const {
  const IndexHandle index = index_by_git_ ? nullptr : read_index(handle_.get());
  if (!index) return files_by_git(*this, scope);
  std::vector<Entry> result;
  EntryLimits limits;
  const std::size_t count = git_index_entrycount(index.get());
  for (std::size_t i = 0; i < count; ++i) {
    const git_index_entry* entry = git_index_get_byindex(index.get(), i);
    if (!in_scope(scope.prefixes, entry->path)) continue;
    limits.count(entry->path);
    if (git_index_entry_stage(entry) != 0) throw conflict(entry->path);
    if (!is_intended_only(*entry)) result.push_back(staged_entry(*entry));
  }
  // With core.ignorecase libgit2 sorts otherwise.
  const auto by_path = [](const Entry& left, const Entry& right) { return left.path < right.path; };
  if (!std::is_sorted(result.begin(), result.end(), by_path)) std::sort(result.begin(), result.end(), by_path);
  return result;
}

std::vector<TreeDifference> Repository::staged_differences(const ObjectId& before_tree) const {
  const std::string tree = before_tree.is_zero() ? std::string(kEmptyTree) : before_tree.hex();
  const std::string listing =
      git_output(*this, {"diff-index", "--cached", "--raw", "-z", "--no-abbrev", "--no-renames", "--no-ext-diff",
                         "--ignore-submodules=none", "--ita-invisible-in-index", tree, "--"});
  std::vector<TreeDifference> result;
  const std::vector<std::string_view> fields = split(listing, '\0');
  EntryLimits limits;
  for (std::size_t at = 0; at + 1 < fields.size(); at += 2) {
    limits.count(fields[at + 1]);
    result.push_back(staged_difference(fields[at], std::string(fields[at + 1])));
  }
  return result;
}

std::optional<Entry> Repository::index_entry(const std::string& path) const {
  const IndexHandle index = index_by_git_ ? nullptr : read_index(handle_.get());
  if (!index) {
    for (Entry& entry : files_by_git(*this, {{path}})) {
      if (entry.path == path) return std::move(entry);
    }
    return std::nullopt;
  }
  if (const git_index_entry* entry = git_index_get_bypath(index.get(), path.c_str(), 0)) {
    if (is_intended_only(*entry)) return std::nullopt;
    return staged_entry(*entry);
  }
  for (int stage = 1; stage <= 3; ++stage) {
    if (git_index_get_bypath(index.get(), path.c_str(), stage) != nullptr) throw conflict(path);
  }
  return std::nullopt;
}

}  // namespace flowship::git
