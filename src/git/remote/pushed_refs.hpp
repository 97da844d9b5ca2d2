#pragma once

#include "git/objects/object_id.hpp"
#include "git/repository.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace flowship::git {

/// How a push changes one ref of the receiving repository.
struct PushedRef {
  /// The full name in the receiving repository.
  std::string name;
  /// Nothing for a new ref.
  std::optional<ObjectId> before;
  /// Nothing for a deletion. May be an annotated tag object.
  std::optional<ObjectId> after;

  /// The branch's name without `refs/heads/`; nothing for any other ref.
  std::optional<std::string> branch() const;
};

/// Whether it is a valid full name of a ref, below `refs/`.
bool is_ref_name(std::string_view name);

/// The standard input of pre-receive and post-receive: lines `<old id> <new id> <ref>`.
std::vector<PushedRef> received_refs(std::string_view input);

/// A commit with its parents, of which the first is the branch that was merged into.
struct NewCommit {
  ObjectId id;
  std::vector<ObjectId> parents;
};

/// The commits that no ref of the repository leads to yet, but `tip` does, parents first: what a push adds while it is
/// in quarantine. Refs below the folders `without` don't count. Asks the user's git.
std::vector<NewCommit> new_commits(const Repository& repository, const ObjectId& tip,
                                   const std::vector<std::string>& without);

/// The standard input of pre-push: lines `<local ref> <local id> <remote ref> <remote id>`.
std::vector<PushedRef> outgoing_refs(std::string_view input);

}  // namespace flowship::git
