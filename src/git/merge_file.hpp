#pragma once

#include <string>

namespace flowship::git {

/// The three versions of a file that git merges line by line.
struct LineMerge {
  std::string base;
  std::string ours;
  std::string theirs;
  /// The length of conflict markers.
  int marker_size = 7;
};

struct LineMerged {
  /// With markers at the conflicts; ours where git can't merge (binary files).
  std::string text;
  bool is_clean = false;
};

/// What `git merge-file` makes of them, in the user's conflict style.
LineMerged merge_lines(const LineMerge& versions);

}  // namespace flowship::git
