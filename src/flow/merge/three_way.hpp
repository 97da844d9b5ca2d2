#pragma once

#include "flow/merge/schema.hpp"
#include "flow/merge/sequence.hpp"
#include "json/document.hpp"
#include "json/pointer.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace flowship::flow {

enum class Side : std::uint8_t { ours, theirs };

/// Whose value the result has at a conflict. `nobody`: a value that neither side has, so that what a line-by-line merge
/// makes of it is a conflict too.
enum class Favour : std::uint8_t { ours, theirs, nobody };

/// A place that the two sides changed differently; a value is absent where that version has none.
struct Contested {
  /// With the name of an element instead of its index.
  json::Pointer path;
  /// As a JSON Pointer: into ours where it has the place, else into theirs, else into the base.
  std::string pointer;
  json::Value base;
  json::Value ours;
  json::Value theirs;
  /// Only the order of the elements is in question.
  bool is_order = false;
};

struct MergePlace {
  json::Pointer path;
  json::Pointer pointer;
  Role role = Role::other;
  json::Empties empties = json::Empties::distinct;
};

/// Merges values by identity: members by name, elements by what identifies them in their list.
class ThreeWay {
 public:
  /// The places `contested` are conflicts whatever the values are.
  ThreeWay(Favour favoured, const std::set<json::Pointer>& contested) : favoured_(favoured), contested_(contested) {}

  /// The JSON text of the merged value; nothing if it is absent. Views and texts are of the three documents.
  std::optional<std::string> merge(json::Value base, json::Value ours, json::Value theirs, const MergePlace& place);

  const std::vector<Contested>& conflicts() const { return conflicts_; }

 private:
  struct Versions {
    json::Value base;
    json::Value ours;
    json::Value theirs;
  };
  using Result = std::optional<std::string>;

  bool is_contested_below(const json::Pointer& path) const;
  Result conflict(const Versions& versions, const MergePlace& place, bool is_order = false);
  Result unchanged_or_one_sided(const Versions& versions, const MergePlace& place, bool& is_decided) const;
  Result object(const Versions& versions, const MergePlace& place);
  Result list(const Versions& versions, const MergePlace& place);
  Result named_list(const Versions& versions, const MergePlace& place, const ListFacts& facts, bool& is_named);
  Result chunks(const Versions& versions, const MergePlace& place);

  Favour favoured_;
  const std::set<json::Pointer>& contested_;
  std::vector<Contested> conflicts_;
};

/// How the elements of these lists are told apart: as their role says, else by a member `id`, `key` or `name` that all
/// of them have.
ListFacts facts_of_lists(Role role, json::Value base, json::Value ours, json::Value theirs);

}  // namespace flowship::flow
