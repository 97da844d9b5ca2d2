#pragma once

#include "git/repository.hpp"
#include "git/revision.hpp"

#include <optional>
#include <string>
#include <vector>

namespace flowship::git {

/// The versions of a file that git merges; one without the file is empty.
struct ThreeVersions {
  std::string base;
  std::string ours;
  std::string theirs;
  bool operator==(const ThreeVersions&) const = default;
};

/// What git merges.
struct MergedRevisions {
  /// Nothing: the sides have no commit in common.
  std::optional<Revision> base;
  Revision ours;
  Revision theirs;
};

/// The revisions that the versions of `path` which git merges right now belong to. Looks at what git says it merges,
/// rebases, picks, reverts or takes from a stash, and, where it says nothing, for commits that made the same change;
/// counts only where all three versions of `path` are the given ones, line endings aside. Several where they can't be
/// told apart, none where they can't be found.
std::vector<MergedRevisions> merged_revisions(const Repository& repository, const std::string& path,
                                              const ThreeVersions& versions);

/// The versions of `sibling` in these revisions, each once.
std::vector<ThreeVersions> sibling_versions(const std::vector<MergedRevisions>& merged, const std::string& sibling);

/// The merge driver that the attributes assign to a path, as `git check-attr` prints it.
std::string merge_driver_of(const Repository& repository, const std::string& path);

}  // namespace flowship::git
