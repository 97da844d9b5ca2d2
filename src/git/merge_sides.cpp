#include "git/merge_sides.hpp"

#include "base/error.hpp"
#include "base/files/files.hpp"
#include "base/text/split.hpp"
#include "git/remote/user_git.hpp"
#include "git/revision.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string_view>
#include <unistd.h>
#include <utility>

namespace flowship::git {

namespace {

/// Commits; a base of zero is none.
struct MergeSides {
  ObjectId base;
  ObjectId theirs;
};

std::optional<ObjectId> commit_if_there(const Repository& repository, std::string_view revision) {
  try {
    return repository.commit(revision);
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::vector<std::string> lines_of_git(const Repository& repository, const std::vector<std::string>& arguments) {
  constexpr std::chrono::seconds kLimit{20};
  const ProcessResult done = run_git(repository, arguments, {.time_limit = kLimit});
  std::vector<std::string> lines;
  if (done.status != 0) return lines;
  for (const std::string_view line : split(done.output, '\n')) {
    if (!line.empty()) lines.emplace_back(line);
  }
  return lines;
}

/// Collects what may be being merged.
class SidesReader {
 public:
  explicit SidesReader(const Repository& repository) : repository_(repository) {}

  std::vector<MergeSides> take() { return std::exchange(sides_, {}); }

  /// `git merge` names the commits that it merges in its children's environment.
  void read_variables() {
    constexpr std::string_view kPrefix = "GITHEAD_";
    for (char** entry = environ; *entry != nullptr; ++entry) {
      const std::string_view text(*entry);
      const std::string_view name = text.substr(0, text.find('='));
      if (name.starts_with(kPrefix)) add_merged(name.substr(kPrefix.size()));
    }
  }

  /// What git keeps of an operation of several steps, and the stashes.
  void read_state() {
    for (const std::string& id : lines_of_state("MERGE_HEAD")) add_merged(id);
    for (const char* file : {"CHERRY_PICK_HEAD", "REBASE_HEAD"}) {
      for (const std::string& id : lines_of_state(file)) add_picked(id);
    }
    for (const std::string& id : lines_of_state("REVERT_HEAD")) add_reverted(id);
    // The step under way is the last one in `done`, and the first one in a cherry-pick's list.
    if (const auto lines = lines_of_state("rebase-merge/done"); !lines.empty()) add_step(lines.back());
    if (const auto lines = lines_of_state("sequencer/todo"); !lines.empty()) add_step(lines.front());
    for (const char* file : {"rebase-merge/autostash", "rebase-apply/autostash", "MERGE_AUTOSTASH"}) {
      for (const std::string& line : lines_of_state(file)) add_stash(line);
    }
    if (!repository_.ref("refs/stash")) return;
    for (const std::string& stash : lines_of_git(repository_, {"log", "-g", "--format=%H", "refs/stash"})) {
      add_stash(stash);
    }
  }

  /// The commits that changed `path` from the base to theirs, which is what a single cherry-pick leaves to see, or
  /// back. `whose` says where git looks for them.
  void read_history(const char* whose, const std::string& path, const ThreeVersions& versions) {
    const std::string forth = blob_id(versions.base) + " " + blob_id(versions.theirs) + " ";
    const std::string back = blob_id(versions.theirs) + " " + blob_id(versions.base) + " ";
    std::vector<std::string> arguments{"log",          whose,         "--full-history", "-m",
                                       "--no-renames", "--no-abbrev", "--raw",          "--format=%H"};
    for (const char* revision : {"HEAD", "FETCH_HEAD"}) {
      if (commit_if_there(repository_, revision)) arguments.emplace_back(revision);
    }
    arguments.insert(arguments.end(), {"--", ":(top,literal)" + path});
    std::string commit;
    for (const std::string& line : lines_of_git(repository_, arguments)) {
      if (!line.starts_with(':')) {
        commit = line;
      } else if (line.find(forth) != std::string::npos) {
        add_picked(commit);
      } else if (line.find(back) != std::string::npos) {
        add_reverted(commit);
      }
    }
  }

 private:
  std::vector<std::string> lines_of_state(const char* file) const {
    std::vector<std::string> lines;
    const std::optional<std::string> text = read_file(repository_.git_directory() / file);
    if (!text) return lines;
    for (const std::string_view line : split(*text, '\n')) {
      if (!line.empty() && !line.starts_with('#')) lines.emplace_back(line);
    }
    return lines;
  }

  /// `pick 1a2b3c4 Subject`, `fixup -C 1a2b3c4 # Subject`.
  void add_step(const std::string& line) {
    const std::vector<std::string_view> words = split(line, ' ');
    if (words.size() < 2) return;
    const auto id = std::find_if(words.begin() + 1, words.end(), [](std::string_view word) { return word[0] != '-'; });
    if (id == words.end()) return;
    if (words.front() == "revert") {
      add_reverted(*id);
    } else {
      add_picked(*id);
    }
  }

  void add_merged(std::string_view revision) {
    const std::optional<ObjectId> theirs = commit_if_there(repository_, revision);
    if (!theirs) return;
    const auto bases = lines_of_git(repository_, {"merge-base", "--all", "HEAD", theirs->hex()});
    if (bases.empty()) sides_.push_back({{}, *theirs});
    for (const std::string& base : bases) {
      if (const auto id = ObjectId::from_hex(base)) sides_.push_back({*id, *theirs});
    }
  }

  void add_picked(std::string_view revision) {
    const std::optional<ObjectId> commit = commit_if_there(repository_, revision);
    if (!commit) return;
    const std::vector<ObjectId> parents = repository_.facts(*commit).parents;
    if (parents.empty()) sides_.push_back({{}, *commit});
    for (const ObjectId& parent : parents) sides_.push_back({parent, *commit});
  }

  void add_reverted(std::string_view revision) {
    const std::optional<ObjectId> commit = commit_if_there(repository_, revision);
    if (!commit) return;
    for (const ObjectId& parent : repository_.facts(*commit).parents) sides_.push_back({*commit, parent});
  }

  /// Its first parent is the commit that the changes were made on.
  void add_stash(std::string_view revision) {
    const std::optional<ObjectId> stash = commit_if_there(repository_, revision);
    if (!stash) return;
    const std::vector<ObjectId> parents = repository_.facts(*stash).parents;
    if (!parents.empty()) sides_.push_back({parents.front(), *stash});
  }

  std::string blob_id(const std::string& text) const {
    if (text.empty()) return ObjectId().hex();
    const ProcessResult done = run_git(repository_, {"hash-object", "--stdin"}, {.input = text});
    return done.output.substr(0, done.output.find('\n'));
  }

  const Repository& repository_;
  std::vector<MergeSides> sides_;
};

std::string without_returns(std::string text) {
  std::size_t to = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\r' || at + 1 == text.size() || text[at + 1] != '\n') text[to++] = text[at];
  }
  text.resize(to);
  return text;
}

bool is_same_text(const std::string& a, const std::string& b) {
  return a == b || without_returns(a) == without_returns(b);
}

/// Empty where there is no such file.
std::string text_in(const Revision& revision, const std::string& path) {
  return revision.read_path(path, kFlowFileLimit).value_or(std::string());
}

bool has_text(const Revision& revision, const std::string& path, const std::string& text) {
  try {
    return is_same_text(text_in(revision, path), text);
  } catch (const Error&) {
    // A link, a folder, a file that is too large, or one in conflict.
    return false;
  }
}

std::optional<Revision> revision_of(const Repository& repository, const ObjectId& commit) {
  // A shallow clone may not have it.
  if (!repository.has(commit)) return std::nullopt;
  return Revision::of_commit(repository, commit);
}

/// git merges into the index, which is what HEAD has, a stash or an uncommitted pick aside.
std::optional<Revision> revision_of_ours(const Repository& repository, const std::string& path,
                                         const std::string& text) {
  const Revision index = Revision::of_index(repository);
  if (has_text(index, path, text)) return index;
  const std::optional<ObjectId> head = commit_if_there(repository, "HEAD");
  if (!head) return std::nullopt;
  const Revision committed = Revision::of_commit(repository, *head);
  return has_text(committed, path, text) ? std::optional(committed) : std::nullopt;
}

}  // namespace

std::vector<MergedRevisions> merged_revisions(const Repository& repository, const std::string& path,
                                              const ThreeVersions& versions) {
  std::vector<MergedRevisions> found;
  const std::optional<Revision> ours = revision_of_ours(repository, path, versions.ours);
  if (!ours) return found;
  SidesReader reader(repository);
  const auto look = [&] {
    for (const MergeSides& sides : reader.take()) {
      const std::optional<Revision> theirs = revision_of(repository, sides.theirs);
      if (!theirs || !has_text(*theirs, path, versions.theirs)) continue;
      const std::optional<Revision> base = sides.base.is_zero() ? std::nullopt : revision_of(repository, sides.base);
      if (base ? has_text(*base, path, versions.base) : sides.base.is_zero() && versions.base.empty()) {
        found.push_back({base, *ours, *theirs});
      }
    }
    return !found.empty();
  };
  reader.read_variables();
  if (look()) return found;
  reader.read_state();
  if (look()) return found;
  // What was amended or rebased is in reflogs alone.
  for (const char* whose : {"--all", "--reflog"}) {
    reader.read_history(whose, path, versions);
    if (look()) return found;
  }
  return found;
}

std::vector<ThreeVersions> sibling_versions(const std::vector<MergedRevisions>& merged, const std::string& sibling) {
  std::vector<ThreeVersions> found;
  for (const MergedRevisions& revisions : merged) {
    try {
      const ThreeVersions texts{revisions.base ? text_in(*revisions.base, sibling) : std::string(),
                                text_in(revisions.ours, sibling), text_in(revisions.theirs, sibling)};
      if (std::find(found.begin(), found.end(), texts) == found.end()) found.push_back(texts);
    } catch (const Error&) {
      // One of them is a link or too large.
      continue;
    }
  }
  return found;
}

std::string merge_driver_of(const Repository& repository, const std::string& path) {
  const ProcessResult done = run_git(repository, {"check-attr", "-z", "merge", "--", path});
  const std::vector<std::string_view> fields = split(done.output, '\0');
  return fields.size() < 3 ? std::string() : std::string(fields[2]);
}

}  // namespace flowship::git
