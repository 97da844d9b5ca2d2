#pragma once

#include "json/compare.hpp"
#include "json/document.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace flowship::json {

struct MemberRules;

/// What makes a difference in a value that is patched, and what does not.
struct PatchRules {
  Empties empties = Empties::distinct;
  /// Other rules for some members of an object; the rest goes by `empties` alone.
  std::span<const MemberRules> members = {};
  /// Rules for the elements of an array (null: `empties` alone).
  const PatchRules* items = nullptr;
  /// The member that tells the elements of an array apart, whose order then makes no difference; empty: their order
  /// does.
  std::string_view key = {};
};

struct MemberRules {
  std::string_view name;
  PatchRules rules;
};

/// The source text of `old`, changed as little as can be so that it means `wanted`: what is equal keeps every byte, and
/// what is new is laid out like the rest, at its place by name where the others are in that order, else behind what it
/// follows in `wanted`.
std::string patched(Value old, Value wanted, const PatchRules& rules = {});

/// The same for a whole document, with what stands around its value.
std::string patched(const Document& old, Value wanted, const PatchRules& rules = {});

/// The `wanted` names, those that `old` has in its order, the others put between them as `patched` does it. Each name
/// is in each list once.
std::vector<std::string> merged_order(const std::vector<std::string>& old, const std::vector<std::string>& wanted);

}  // namespace flowship::json
