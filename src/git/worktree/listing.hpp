#pragma once

#include "git/entry.hpp"
#include "git/repository.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace flowship::git {

/// A path of the index.
struct Tracked {
  std::string_view path;
  bool is_submodule = false;
};

/// The lines of `git ls-files -z --stage`, each path once; views into them, sorted by path.
std::vector<Tracked> tracked_in(std::string_view lines);

/// What of `tracked` lies in the working tree below the open folder `root`, sorted by path. Nothing at all as soon as
/// something else is found there in `scope`: whether it counts is git's to say.
std::optional<std::vector<Entry>> if_nothing_else(int root, const std::vector<Tracked>& tracked,
                                                  const TreeScope& scope);

/// What lies in the working tree, of paths that git lists.
class Listing {
 public:
  Listing(int root, const TreeScope& scope) : root_(root), scope_(scope) {}

  void add(const std::vector<Tracked>& tracked);
  /// What `git ls-files -z --others` prints.
  void add_untracked(std::string_view paths);
  /// Sorted by path.
  std::vector<Entry> take();

 private:
  void add(std::string_view path, bool is_submodule);
  std::optional<EntryKind> kind_at(const std::string& path, bool is_submodule) const;
  bool leads_through_link(const std::string& path);

  int root_;
  const TreeScope& scope_;
  std::vector<Entry> entries_;
  /// The folder asked about last, and what the answer was.
  std::string folder_;
  bool folder_is_linked_ = false;
};

}  // namespace flowship::git
