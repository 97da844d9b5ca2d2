#pragma once

#include "base/files/descriptor.hpp"
#include "git/entry.hpp"
#include "git/objects/entry_limits.hpp"
#include "git/repository.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace flowship::git {

/// Those of the paths that git lists which are in the working tree below the open folder `root`, and what they are.
class Listing {
 public:
  Listing(const Descriptor& root, const TreeScope& scope) : root_(root), scope_(scope) {}

  /// The lines of `git ls-files -z --stage`.
  void add_tracked(std::string_view lines);
  /// What `git ls-files -z --others` prints.
  void add_untracked(std::string_view paths);
  /// Sorted by path.
  std::vector<Entry> take();

 private:
  void add(std::string_view path, bool is_submodule);
  std::optional<EntryKind> kind_at(const std::string& path, bool is_submodule);
  int open_folder(std::string_view folder);

  const Descriptor& root_;
  const TreeScope& scope_;
  EntryLimits limits_;
  std::vector<Entry> entries_;
  /// The folder that was opened last; nothing if it could not be opened.
  std::string folder_;
  std::optional<Descriptor> opened_;
};

}  // namespace flowship::git
