#pragma once

#include "flow/merge/new_ids.hpp"
#include "flow/merge/schema.hpp"
#include "flow/merge/three_way.hpp"
#include "git/merge_sides.hpp"
#include "json/document.hpp"
#include "json/pointer.hpp"

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace flowship::flow {

struct ThreeDocuments {
  json::DocumentPtr base;
  json::DocumentPtr ours;
  json::DocumentPtr theirs;
};

/// Which side's new tasks and screens get other ids where both added some under one id.
struct Numbering {
  Side side = Side::theirs;
  std::vector<NewId> ids = {};
  /// Places that are a conflict because no numbering is right for certain, and why.
  std::set<json::Pointer> contested = {};
  std::string reason = {};
};

/// The numbering that gives new ids to that side.
Numbering numbering_for(Side side, const ThreeDocuments& versions, Role role);

/// Another file of a snapshot that is merged too.
struct Sibling {
  git::ThreeVersions versions;
  /// Whether what both sides changed in it is merged by identity, and not line by line.
  bool is_merged_by_identity = true;
};

/// All versions that the file of that name beside the merged one may have; none if they can't be found. Nothing if
/// only the merged file itself is in question.
using FindSiblings = std::function<std::optional<std::vector<Sibling>>(std::string_view name)>;

/// Versions that name everything by the ids that one side gave it since they parted.
struct FollowedIds {
  ThreeDocuments versions;
  /// What the other side had of its own under these ids has others.
  std::vector<NewId> new_ids;
  /// Places that are a conflict because it can't be told what the versions mean by an id, and why.
  std::set<json::Pointer> contested;
  std::string reason;
};

/// Lets the versions agree about ids where a merge before this one gave a task or a screen another id on one side: a
/// rebased commit, or a branch that is merged again, still has the old one, which may now be something else's.
FollowedIds follow_moved_ids(ThreeDocuments versions, Role role, const FindSiblings& find_siblings);

/// The numbering for a file, by which every reference follows: also those between a snapshot's contents.json and
/// metadata.json, of which git merges each by itself, and takes a file that only one side changed as it is. Both files
/// come to the same decision, in whichever order they are merged.
Numbering numbering_of_file(const ThreeDocuments& versions, Role role, const FindSiblings& find_siblings);

}  // namespace flowship::flow
