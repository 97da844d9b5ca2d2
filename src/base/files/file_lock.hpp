#pragma once

#include <filesystem>
#include <optional>

namespace flowship {

/// Holds a file's lock against other processes until it is destroyed or its process ends. The file stays.
class FileLock {
 public:
  /// Takes the lock; nothing when somebody else has it. Makes the file where it is missing. Throws `Error`.
  static std::optional<FileLock> try_lock(const std::filesystem::path& path);
  /// Takes the lock, however long somebody else keeps it.
  static FileLock wait_for(const std::filesystem::path& path);

  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&&) = delete;
  ~FileLock();

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}

  int descriptor_;
};

}  // namespace flowship
