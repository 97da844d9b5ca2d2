#pragma once

#include "git/objects/object_id.hpp"

#include <cstdint>
#include <string>

namespace flowship::git {

enum class EntryKind : std::uint8_t { file, symlink, submodule };

/// One file of a revision. `path` is relative to the repository's root, separated by `/`, in any bytes that git allows.
struct Entry {
  std::string path;
  EntryKind kind = EntryKind::file;
  /// The blob, or a submodule's commit; zero in the working tree, which is not hashed.
  ObjectId id;

  bool operator==(const Entry&) const = default;
};

}  // namespace flowship::git
