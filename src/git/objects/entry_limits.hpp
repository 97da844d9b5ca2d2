#pragma once

#include <cstddef>
#include <string_view>

namespace flowship::git {

/// Whether an entry of that name is, or stands for, `.git` on some file system: another case, `git~1`, trailing dots or
/// spaces, invisible characters.
bool is_git_folder(std::string_view name);
/// Whether one of a path's names is.
bool leads_into_git(std::string_view path);

/// Bounds what is listed of one revision: a few small trees can repeat each other so often that their paths would fill
/// the memory. Everything throws an `Error` of `Fault::invalid` beyond the limits.
class EntryLimits {
 public:
  static constexpr std::size_t kMostEntries = 1'000'000;
  static constexpr int kMostFolders = 64;
  /// Of all paths together.
  static constexpr std::size_t kMostPathBytes = std::size_t{128} << 20U;

  /// Counts the entry `name` in `folder`, which is empty or ends with a slash and lies `depth` folders deep.
  void count(std::string_view folder, int depth, std::string_view name);
  /// The same for a path.
  void count(std::string_view path);

 private:
  std::size_t entries_ = 0;
  std::size_t path_bytes_ = 0;
};

}  // namespace flowship::git
