#include "base/error.hpp"
#include "base/files/files.hpp"
#include "base/files/path.hpp"
#include "base/files/size_limit.hpp"
#include "base/text/printable.hpp"
#include "check/engine/merge_faults.hpp"
#include "cli/run.hpp"
#include "deploy/plan/checks/merge_check.hpp"
#include "flow/merge/file_merge.hpp"
#include "git/merge_file.hpp"
#include "git/merge_sides.hpp"

#include <algorithm>
#include <ostream>
#include <utility>

namespace flowship::cli {

namespace {

struct VersionFiles {
  std::string base;
  std::string ours;
  std::string theirs;
};

/// git names a version that is not there so.
constexpr std::string_view kNoVersion = "/dev/null";

std::string version_text(const std::string& path) {
  if (path == kNoVersion) return {};
  std::optional<std::string> text = read_file(path);
  if (!text) throw usage_error("no such file: " + printable(path));
  return std::move(*text);
}

/// Larger files are merged line by line; no flow is so large.
bool is_small(const flow::FileVersions& versions) {
  return std::max({versions.base.size(), versions.ours.size(), versions.theirs.size()}) <= kFlowFileLimit.bytes;
}

/// The names of the files that git hands to a merge driver.
constexpr std::string_view kFilesOfGit = ".merge_file_";

/// What git merges, as far as that can be found out.
class GitMerge {
 public:
  explicit GitMerge(const flow::FileVersions& versions)
      : versions_(versions), repository_(git::Repository::open_from_environment()) {}

  const git::Repository& repository() const { return repository_; }

  const std::vector<git::MergedRevisions>& revisions() {
    if (!revisions_) {
      revisions_.emplace();
      try {
        revisions_ =
            git::merged_revisions(repository_, versions_.path, {versions_.base, versions_.ours, versions_.theirs});
      } catch (const Error&) {
        // They stay unknown.
      }
    }
    return *revisions_;
  }

  /// The versions of the file `name` beside the one that is merged.
  std::vector<flow::Sibling> siblings(std::string_view name) {
    const std::string folder(folder_of(versions_.path));
    const std::string sibling = (folder.empty() ? "" : folder + "/") + std::string(name);
    const bool is_merged_too =
        git::merge_driver_of(repository_, sibling) == git::merge_driver_of(repository_, versions_.path);
    std::vector<flow::Sibling> siblings;
    for (git::ThreeVersions& texts : git::sibling_versions(revisions(), sibling)) {
      siblings.push_back({std::move(texts), is_merged_too});
    }
    return siblings;
  }

 private:
  const flow::FileVersions& versions_;
  const git::Repository repository_;
  std::optional<std::vector<git::MergedRevisions>> revisions_;
};

/// By the files alone; `siblings` is what is known of the files beside them.
std::optional<flow::FileMerge> merge_by_itself(const flow::FileVersions& versions,
                                               const std::optional<std::vector<flow::Sibling>>& siblings) {
  return flow::merge_file(
      versions, [](flow::Role role) { return check::merge_faults(role, {}); },
      [&](std::string_view) { return siblings; });
}

std::optional<flow::FileMerge> merge_in_git(const flow::FileVersions& versions,
                                            const std::optional<std::string>& config_file) {
  std::optional<GitMerge> merge;
  try {
    merge.emplace(versions);
  } catch (const Error&) {
    // A kind of repository that git alone can open.
    return merge_by_itself(versions, std::vector<flow::Sibling>());
  }
  const auto revisions = [&]() -> const std::vector<git::MergedRevisions>& { return merge->revisions(); };
  return flow::merge_file(versions, deploy::merge_faults(merge->repository(), versions.path, config_file, revisions),
                          [&](std::string_view name) { return std::optional(merge->siblings(name)); });
}

/// With git's markers around the members that are in conflict.
std::string with_markers(const flow::FileMerge& merge, int marker_size) {
  const git::LineMerged marked = git::merge_lines({merge.with_nobodys, merge.text, merge.with_theirs, marker_size});
  return marked.text;
}

}  // namespace

ExitCode run_merge(const Invocation& invocation) {
  const Options& options = invocation.options;
  const auto write = writer(invocation, &report::Format::file_merge);
  const VersionFiles files{options.arguments[0], options.arguments[1], options.arguments[2]};
  const flow::FileVersions versions{options.path.empty() ? files.ours : options.path, version_text(files.base),
                                    version_text(files.ours), version_text(files.theirs)};
  report::FileMerge result{.path = versions.path, .conflicts = {}, .new_ids = {}};
  std::string text;
  std::optional<flow::FileMerge> merged;
  if (versions.ours == versions.theirs || versions.theirs == versions.base) {
    text = versions.ours;
  } else if (versions.ours == versions.base) {
    text = versions.theirs;
  } else {
    if (is_small(versions)) {
      const bool is_in_git = name_of(files.ours).starts_with(kFilesOfGit);
      merged = is_in_git ? merge_in_git(versions, options.config_file) : merge_by_itself(versions, std::nullopt);
    }
    if (merged) {
      result.conflicts = merged->merged.conflicts;
      result.new_ids = merged->merged.new_ids;
      result.is_clean = result.conflicts.empty();
      text = result.is_clean ? merged->text : with_markers(*merged, options.marker_size);
    } else {
      git::LineMerged lines = git::merge_lines({versions.base, versions.ours, versions.theirs, options.marker_size});
      result.is_by_lines = true;
      result.is_clean = lines.is_clean;
      text = std::move(lines.text);
    }
  }
  if (text != versions.ours) write_file_atomically(files.ours, text);
  invocation.out << write(result, invocation.style);
  return result.is_clean ? ExitCode::done : ExitCode::failed;
}

}  // namespace flowship::cli
