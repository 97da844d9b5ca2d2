#pragma once

#include "json/compare.hpp"
#include "json/document.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace flowship::json {

struct MemberRules;

/// What counts as a difference in a patched value.
struct PatchRules {
  Empties empties = Empties::distinct;
  /// Rules for some members of an object; for the others only `empties` applies.
  std::span<const MemberRules> members = {};
  /// Rules for the elements of an array; null: only `empties` applies.
  const PatchRules* items = nullptr;
  /// The member that identifies the elements of an array, whose order then does not matter. Empty: the order matters.
  std::string_view key = {};
};

struct MemberRules {
  std::string_view name;
  PatchRules rules;
};

/// The source text of `old` with minimal changes so that it equals `wanted`: equal parts keep every byte. New parts
/// imitate the layout of the rest; they go to their place by name if the others are sorted, else behind their
/// predecessor in `wanted`.
std::string patched(Value old, Value wanted, const PatchRules& rules = {});

/// The same for a whole document, including the white space around its value.
std::string patched(const Document& old, Value wanted, const PatchRules& rules = {});

/// The `wanted` names: those in `old` in the order of `old`, with the others inserted as `patched` does. Neither list
/// has duplicates.
std::vector<std::string> merged_order(const std::vector<std::string>& old, const std::vector<std::string>& wanted);

}  // namespace flowship::json
