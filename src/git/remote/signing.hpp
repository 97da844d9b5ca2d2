#pragma once

#include "git/objects/object_id.hpp"
#include "git/repository.hpp"

#include <chrono>
#include <optional>
#include <string>

// Signed commits, by the user's own git: `gpg.format`, `user.signingKey` and the allowed signers are its configuration.

namespace flowship::git {

/// As `Repository::write_commit`, signed. Throws with git's message if it can't be signed.
ObjectId write_signed_commit(const Repository& repository, const Repository::NewCommit& commit,
                             std::chrono::milliseconds limit);

/// What is wrong with a signature.
struct BadSignature {
  /// What git says, in one line.
  std::string why;
  /// Nothing is wrong but that no allowed signers are configured.
  bool without_signers = false;
};

/// Asks `git verify-commit`; nothing if the signature is good.
std::optional<BadSignature> bad_signature(const Repository& repository, const ObjectId& commit,
                                          std::chrono::milliseconds limit);

}  // namespace flowship::git
