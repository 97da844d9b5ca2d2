#pragma once

#include <span>
#include <string>
#include <string_view>

// What flowship.json may contain: one table, from which the JSON Schema, the reference in docs/ and the hints about
// misplaced members are made.

namespace flowship::deploy {

/// A member of flowship.json.
struct ConfigMember {
  /// Its path: `*` stands for any name, `-` for each item of a list.
  std::string_view path;
  /// The JSON Schema of its value; empty where rows below describe its members.
  std::string_view schema;
  /// What it does, in Markdown.
  std::string_view meaning;
};

std::span<const ConfigMember> config_members();

/// Where an unknown member of flowship.json belongs, as a hint; empty if no object there has a member of this name, or
/// of a similar one.
std::string right_place(std::string_view name, bool is_similar);

/// The address of this version's schema, where the releases are kept, for `$schema`.
std::string config_schema_address();

/// The JSON Schema (draft 2020-12) of flowship.json, with a line break at its end.
std::string config_schema();

/// The reference of flowship.json as a Markdown table.
std::string config_reference();

}  // namespace flowship::deploy
