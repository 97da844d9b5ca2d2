#include "flow/layouts/layouts.hpp"

#include <algorithm>
#include <iterator>

namespace flowship::flow {

namespace {

constexpr LayoutFacts kLayouts[] = {
    {Layout::snapshot, "snapshot", is_snapshot, read_snapshot, nullptr, write_snapshot},
    {Layout::console, "console", is_console, read_console, left_out_of_console, write_console},
    {Layout::exported, "exported", is_exported, read_exported, left_out_of_exported, write_exported},
};

}  // namespace

std::span<const LayoutFacts> layouts() { return kLayouts; }

const LayoutFacts& facts_of(Layout layout) {
  return *std::find_if(std::begin(kLayouts), std::end(kLayouts),
                       [&](const LayoutFacts& facts) { return facts.layout == layout; });
}

std::string_view to_text(Layout layout) { return facts_of(layout).name; }

std::optional<Layout> layout_from(std::string_view name) {
  for (const LayoutFacts& facts : kLayouts) {
    if (facts.name == name) return facts.layout;
  }
  return std::nullopt;
}

bool is_graph(json::Value value) { return value.find("startTask") || value.find("tasks"); }

Flow read_broken(Files& files, const Place& place, std::vector<Problem>& problems) {
  Flow flow;
  flow.source = {Layout::exported, place.path, {files.entry(place.first)}};
  flow.complete = false;
  problems.push_back(syntax_problem(place.path, *files.parsed(place.first).fault, {}));
  return flow;
}

Problem syntax_problem(const std::string& path, const json::SyntaxFault& fault, const std::string& id) {
  return {ProblemKind::syntax, fault.message, "fix the JSON syntax", path, fault.position, id};
}

}  // namespace flowship::flow
