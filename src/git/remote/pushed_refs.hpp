#pragma once

#include "git/objects/object_id.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace flowship::git {

/// How one push moves one ref of the repository that it goes to.
struct PushedRef {
  /// The full name over there.
  std::string name;
  /// Nothing for a new ref.
  std::optional<ObjectId> before;
  /// Nothing for a deletion. A tag may be an object of its own.
  std::optional<ObjectId> after;

  /// The branch's name without `refs/heads/`; nothing for any other ref.
  std::optional<std::string> branch() const;
};

/// Whether git takes it as the full name of a ref: below `refs/`, and without what names must not hold.
bool is_ref_name(std::string_view name);

/// What pre-receive and post-receive get on standard input: lines `<old id> <new id> <ref>`.
std::vector<PushedRef> received_refs(std::string_view input);

/// What pre-push gets: lines `<local ref> <local id> <remote ref> <remote id>`.
std::vector<PushedRef> outgoing_refs(std::string_view input);

}  // namespace flowship::git
