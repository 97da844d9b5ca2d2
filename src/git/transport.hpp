#pragma once

#include "git/object_id.hpp"
#include "git/repository.hpp"

#include <optional>
#include <string>

namespace flowship::git {

/// Brings `remote`'s `ref` into this repository's `ref` of the same name with the user's own `git`, so that credential
/// helpers, ssh configuration and `http.extraheader` work. Returns what the remote has; nothing when it has no such
/// ref. Throws `Error` with git's own words when the remote can't be reached.
std::optional<ObjectId> fetch_ref(const Repository& repository, const std::string& remote, const std::string& ref);

/// Pushes `target` to `remote`'s `ref` if that still stands at `expected` (nothing: must not exist). False when the
/// other side refused because the ref has moved; throws for any other failure.
bool push_ref(const Repository& repository, const std::string& remote, const std::string& ref,
              const std::optional<ObjectId>& expected, const ObjectId& target);

}  // namespace flowship::git
