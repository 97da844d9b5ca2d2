#pragma once

#include "flow/merge/new_ids.hpp"
#include "flow/merge/numbering.hpp"
#include "flow/merge/three_way.hpp"
#include "flow/model/flow.hpp"

#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace flowship::flow {

/// What is wrong with a merged document.
struct MergeFault {
  std::string message;
  json::Position position;
  /// The same for the same fault of another document, wherever it is.
  std::string identity;
  /// Faults of one kind at one place are the same too.
  std::string kind;
  /// The more, the graver.
  int gravity = 0;
};
/// Of a side's version, or of the result.
using FaultsOf = std::function<std::vector<MergeFault>(const json::DocumentPtr&, std::optional<Side>)>;

struct MergeOptions {
  Favour favoured = Favour::ours;
  /// The side whose new tasks and screens get other ids where both added some under one id.
  Side renumbered = Side::theirs;
  /// What was decided about that already, for a file of which the documents are only a part.
  std::optional<Numbering> numbering = {};
  /// May be empty. A fault that neither side has, or has as grave, is a conflict.
  FaultsOf faults = {};
};

struct MergeConflict {
  /// A JSON Pointer: into ours where it has the place, else into theirs, else into the base.
  std::string pointer;
  /// Where, with the name of an element instead of its index.
  json::Pointer path;
  /// Absent where that version has none.
  json::Value base;
  json::Value ours;
  json::Value theirs;
  /// In words.
  std::string message;
};

struct Merged {
  /// The value; its layout is nobody's.
  json::DocumentPtr document;
  std::vector<MergeConflict> conflicts;
  std::vector<NewId> new_ids;
  /// The paths that are conflicts whatever the values are.
  std::set<json::Pointer> contested;
  Role role = Role::other;
  /// Own what the conflicts point into; with the new ids.
  json::DocumentPtr base;
  json::DocumentPtr ours;
  json::DocumentPtr theirs;
};

/// Merges what two sides made of `base` by identity: members by name, tasks, screens, nodes, rules, conditions and
/// interactions by their ids. Different places merge, the same place changed alike is one change, changed differently
/// it is a conflict; so is a reference to what the other side removed. `role` says what the documents are.
Merged merge(const json::DocumentPtr& base, const json::DocumentPtr& ours, const json::DocumentPtr& theirs, Role role,
             const MergeOptions& options = {});

/// The value with the conflicts decided otherwise.
json::DocumentPtr resolved(const Merged& merged, Favour favoured);

struct MergedFlow {
  /// With the source of ours: `files_of` gives its files, in the layout and bytes of ours.
  Flow flow;
  Merged merged;
};

/// The same for flows, whatever their layouts.
MergedFlow merge(const Flow& base, const Flow& ours, const Flow& theirs, const MergeOptions& options = {});

/// Whether `desired` contains every edit that led from `last_deployed` to `live`: merging the three gives `desired`.
/// What the service changes by itself and differences at or below the pointers `ignored` don't count.
bool contains_edits(const Flow& last_deployed, const Flow& desired, const Flow& live,
                    const std::vector<std::string>& ignored = {});

}  // namespace flowship::flow
