#include "flow/layouts/layouts.hpp"

#include <algorithm>

namespace flowship::flow {

namespace {

/// A folder's files are read whole; `flowId` in metadata.json says again what the folder's name says.
std::vector<LeftOut> left_out_of_snapshot(const Flow&) { return {}; }

constexpr LayoutFacts kLayouts[] = {
    {Layout::snapshot, "snapshot", is_snapshot, read_snapshot, left_out_of_snapshot},
    {Layout::console, "console", is_console, read_console, left_out_of_console},
    {Layout::exported, "exported", is_exported, read_exported, left_out_of_exported},
};

}  // namespace

std::span<const LayoutFacts> layouts() { return kLayouts; }

std::string_view to_text(Layout layout) {
  for (const LayoutFacts& facts : kLayouts) {
    if (facts.layout == layout) return facts.name;
  }
  return {};
}

std::optional<Layout> layout_from(std::string_view name) {
  for (const LayoutFacts& facts : kLayouts) {
    if (facts.name == name) return facts.layout;
  }
  return std::nullopt;
}

bool is_graph(json::Value value) { return value.find("startTask") || value.find("tasks"); }

Fields fields_of(json::Value object) {
  Fields fields;
  if (!object.is(json::Type::object)) return fields;
  fields.reserve(object.size());
  for (const json::Member& member : object.members()) fields.push_back({member.name(), member.value, member.value});
  return fields;
}

Screen screen_of(json::Value value) {
  Screen screen;
  screen.at = value;
  screen.fields = fields_of(value);
  const Field* id = find(screen.fields, "screenId");
  if (id != nullptr && id->value.is(json::Type::string)) screen.id = id->value.string();
  return screen;
}

Flow read_broken(Files& files, const Place& place, std::vector<Problem>& problems) {
  Flow flow;
  flow.source = {Layout::exported, place.path, {files.entry(place.first)}};
  flow.complete = false;
  problems.push_back(syntax_problem(place.path, *files.parsed(place.first).fault, {}));
  return flow;
}

Problem syntax_problem(const std::string& path, const json::SyntaxFault& fault, const std::string& id) {
  return {ProblemKind::syntax, fault.message, "correct the JSON there", path, fault.position, id};
}

}  // namespace flowship::flow
