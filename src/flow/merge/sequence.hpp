#pragma once

#include "flow/merge/schema.hpp"
#include "json/document.hpp"

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace flowship::flow {

/// The name of an element, and which of those with that name it is.
using ElementId = std::pair<std::string, std::size_t>;

struct ListElement {
  std::string name;
  std::size_t index = 0;
  json::Value value;
};

/// The elements of a list with their names; nothing if one has none. An absent list has no elements.
std::optional<std::vector<ListElement>> elements_of_list(json::Value list, const ListFacts& facts);

/// Gives each element of `side` the id of an element of `base` with its name, an equal one if there is one; those that
/// `base` does not have are counted on. With `base` itself as `side`, its own ids.
std::vector<ElementId> element_ids(const std::vector<ListElement>& base, const std::vector<ListElement>& side);

struct MergedOrder {
  std::vector<ElementId> ids;
  /// Both sides have put the same elements into another order.
  bool is_contested = false;
};

/// The order of the `present` elements. What a side added stays behind its predecessor there; where both
/// added something, names decide. Where both changed the order, `ours` has it.

MergedOrder merged_list_order(const std::vector<ElementId>& base, const std::vector<ElementId>& ours,
                              const std::vector<ElementId>& theirs, const std::set<ElementId>& present,
                              ListOrder order);

/// Names that both have stay as in `ours`; those that only `theirs` has stand behind their predecessor there.
std::vector<std::string> woven(const std::vector<std::string>& ours, const std::vector<std::string>& theirs);

/// A stretch of three lists: half-open ranges of indexes.
struct Chunk {
  std::pair<std::size_t, std::size_t> base;
  std::pair<std::size_t, std::size_t> ours;
  std::pair<std::size_t, std::size_t> theirs;
};

/// Splits three lists at the elements that are equal in all of them, by longest common subsequences; the equal ones are
/// chunks of one element each.
std::vector<Chunk> chunks_of(json::Value base, json::Value ours, json::Value theirs);

}  // namespace flowship::flow
