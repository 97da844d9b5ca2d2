#pragma once

#include "base/files/descriptor.hpp"

#include <filesystem>
#include <optional>

namespace flowship {

/// An exclusive lock on a file, until destroyed or the process ends. The file stays.
class FileLock {
 public:
  /// Takes the lock, creating the file if it is missing; nothing if somebody else has it. Throws `Error`.
  static std::optional<FileLock> try_lock(const std::filesystem::path& path);
  /// Waits for the lock without a limit.
  static FileLock wait_for(const std::filesystem::path& path);

 private:
  explicit FileLock(Descriptor file) : file_(std::move(file)) {}

  Descriptor file_;
};

}  // namespace flowship
