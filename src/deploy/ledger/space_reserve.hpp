#pragma once

#include "base/files/file_lock.hpp"
#include "deploy/ledger/ledger.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>

namespace flowship::deploy {

/// Disk space for the result of a deployment, and inodes where few are left, taken before the first request: a disk
/// that is full afterwards does not lose it. A process that dies leaves them to the next deployment in the clone, which
/// takes them over.
class SpaceReserve {
 public:
  struct Need {
    std::uintmax_t bytes = 0;
    std::size_t files = 0;
  };

  /// Takes nothing while another deployment in this clone has it. Throws `Error` if the disk is too full.
  SpaceReserve(const git::Repository& repository, const std::string& ledger_ref, const Need& need);
  /// Gives it back, for the result to use.
  ~SpaceReserve();
  SpaceReserve(const SpaceReserve&) = delete;
  SpaceReserve& operator=(const SpaceReserve&) = delete;

 private:
  std::filesystem::path folder_;
  std::optional<FileLock> lock_;
};

}  // namespace flowship::deploy
