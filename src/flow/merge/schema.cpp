#include "flow/merge/schema.hpp"

#include <algorithm>

namespace flowship::flow {

namespace {

struct MemberRole {
  Role parent;
  /// `*` is any member or element.
  std::string_view name;
  Role role;
};

constexpr MemberRole kMemberRoles[] = {
    {Role::wrapped, "flow", Role::flow},
    {Role::flow, "metadata", Role::metadata},
    {Role::flow, "contents", Role::contents},
    {Role::flow, "screens", Role::screens},
    {Role::flow, "references", Role::references},
    {Role::console, "flow", Role::console_flow},
    {Role::console, "screens", Role::console_screens},
    {Role::console, "references", Role::references},
    // A snapshot has these in metadata.json; there `screens` are names of files.
    {Role::metadata, "screens", Role::names},
    {Role::metadata, "references", Role::references},
    {Role::metadata, "sharedInteractions", Role::interactions},
    {Role::metadata, "translation", Role::metadata},
    {Role::metadata, "targetLanguages", Role::names},
    {Role::console_flow, "dsl", Role::contents},
    {Role::console_flow, "references", Role::references},
    {Role::console_flow, "sharedInteractions", Role::interactions},
    {Role::console_flow, "translateTargetLangs", Role::names},
    {Role::console_flow, "version", Role::managed},
    {Role::console_flow, "modifiedTime", Role::managed},
    {Role::console_flow, "etag", Role::managed},
    {Role::contents, "tasks", Role::tasks},
    {Role::tasks, "*", Role::task},
    {Role::task, "next", Role::next},
    {Role::task, "conditions", Role::conditions},
    {Role::task, "interactions", Role::task_interactions},
    {Role::task, "inputsMetadata", Role::inputs},
    {Role::task, "allInputKeys", Role::input_keys},
    {Role::task, "contextKeys", Role::input_keys},
    {Role::task, "htmlTemplate", Role::nodes},
    {Role::next, "rules", Role::rules},
    {Role::rules, "*", Role::rule},
    {Role::conditions, "*", Role::condition},
    {Role::screens, "*", Role::screen},
    {Role::console_screens, "*", Role::console_screen},
    {Role::screen, "contents", Role::nodes},
    {Role::screen, "interactions", Role::interactions},
    {Role::console_screen, "htmlTemplate", Role::nodes},
    {Role::console_screen, "interactions", Role::interactions},
    {Role::console_screen, "version", Role::managed},
    {Role::nodes, "*", Role::node},
    {Role::node, "nodes", Role::children},
    {Role::references, "*", Role::names},
};

struct RoleList {
  Role role;
  ListFacts facts;
};

constexpr RoleList kLists[] = {
    {Role::rules, {Identity::member, "interactionId", ListOrder::kept}},
    {Role::conditions, {Identity::member, "interactionId"}},
    {Role::inputs, {Identity::member, "key", ListOrder::kept}},
    {Role::input_keys, {Identity::value, {}, ListOrder::kept}},
    {Role::task_interactions, {Identity::member, "id", ListOrder::kept}},
    {Role::screens, {Identity::member, "screenId", ListOrder::free}},
    {Role::console_screens, {Identity::member, "id", ListOrder::free}},
    {Role::interactions, {Identity::member, "id", ListOrder::free}},
    {Role::children, {Identity::value}},
    {Role::names, {Identity::value, {}, ListOrder::free}},
};

}  // namespace

Role role_in(Role parent, std::string_view name) {
  for (const MemberRole& row : kMemberRoles) {
    if (row.parent == parent && (row.name == name || row.name == "*")) return row.role;
  }
  return Role::other;
}

json::Empties empties_of(Role role) {
  switch (role) {
    case Role::metadata:
    case Role::console_flow:
    case Role::references:
    case Role::interactions:
      return json::Empties::absent;
    default:
      return json::Empties::distinct;
  }
}

ListFacts list_facts(Role role) {
  const auto* const found =
      std::find_if(std::begin(kLists), std::end(kLists), [role](const RoleList& row) { return row.role == role; });
  return found == std::end(kLists) ? ListFacts() : found->facts;
}

}  // namespace flowship::flow
