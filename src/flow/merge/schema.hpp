#pragma once

#include "json/compare.hpp"

#include <string_view>

namespace flowship::flow {

/// What a value is in a flow, whatever the layout. `other` is free form.
enum class Role {
  other,
  flow,          ///< a whole flow: an exported file, the service's answer
  wrapped,       ///< an exported file that has the flow under `flow`
  console,       ///< a console file
  metadata,      ///< `metadata`, or a snapshot's metadata.json
  console_flow,  ///< the console's `flow`, which also has `dsl`
  contents,      ///< `contents`, a snapshot's contents.json, the console's `dsl`
  tasks,
  task,
  next,
  rules,
  rule,
  conditions,
  condition,
  inputs,  ///< a list of inputs, by `key`
  input_keys,
  task_interactions,
  screens,
  console_screens,
  screen,  ///< a screen, or a snapshot's screen-<name>.json
  console_screen,
  nodes,  ///< a screen's tree: nodes by id
  node,
  children,  ///< the ids of a node's children
  interactions,
  references,
  names,   ///< a list of names, or names to ids
  managed  ///< set by the service at every change, not by who edits the flow
};

/// How the elements of a list are told apart.
enum class Identity { none, member, value };

/// What the order of a list means: nothing, nothing but it is kept, or something.
enum class ListOrder { free, kept, meaningful };

struct ListFacts {
  Identity identity = Identity::none;
  /// The member that identifies an element.
  std::string_view key = {};
  ListOrder order = ListOrder::meaningful;
};

/// The role of the member `name`, or of an element (then `name` is empty).
Role role_in(Role parent, std::string_view name);

/// Whether empty and absent are the same in a value of that role and below.
json::Empties empties_of(Role role);

ListFacts list_facts(Role role);

}  // namespace flowship::flow
