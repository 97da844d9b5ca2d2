#pragma once

#include "git/objects/object_id.hpp"
#include "git/repository.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace flowship::git {

/// How long git may take for one fetch or push, unless told otherwise: a remote that does not answer must not hold a
/// deployment for ever.
inline constexpr std::chrono::minutes kGitPatience{5};

/// Brings `remote`'s `ref` into this repository's `ref` of the same name with the user's own `git`, so that credential
/// helpers, ssh configuration and `http.extraheader` work. Returns what the remote has; nothing when it has no such
/// ref. Throws `Error` with git's own words when the remote can't be reached.
std::optional<ObjectId> fetch_ref(const Repository& repository, const std::string& remote, const std::string& ref,
                                  std::chrono::milliseconds limit = kGitPatience);

/// Pushes `target` to `remote`'s `ref` if that still stands at `expected` (nothing: must not exist). False when the
/// other side refused because the ref has moved; throws for any other failure. Where the answer is lost, the other side
/// is asked whether the push arrived. Ctrl-C does not end it.
bool push_ref(const Repository& repository, const std::string& remote, const std::string& ref,
              const std::optional<ObjectId>& expected, const ObjectId& target,
              std::chrono::milliseconds limit = kGitPatience);

}  // namespace flowship::git
