#pragma once

#include <filesystem>
#include <string_view>

namespace flowship {

/// A folder of this process's own, removed in the end with everything in it.
class TemporaryFolder {
 public:
  /// `name` is the beginning of its name: `flowship-merge`. Throws `Error`.
  explicit TemporaryFolder(std::string_view name);
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace flowship
