// The rules about connectors: those that tasks use, that `references` lists, and that environments map.

#include "check/rules/rule.hpp"

#include <string>
#include <unordered_set>

namespace flowship::check {

namespace {

struct Connector {
  std::string name;
  json::Value key;
  std::string id;
};

std::vector<Connector> connectors_of(const flow::Flow& flow) {
  std::vector<Connector> connectors;
  for (const json::Member& member : flow.references.find("connectors").members()) {
    if (member.value.is(json::Type::string)) connectors.push_back({member.name(), member.key, member.value.string()});
  }
  return connectors;
}

/// Removes from `ids` those that are a string in `value`. An id is letters and digits and so never escaped: one pass
/// over the quotation marks of the text is enough.
void remove_used(json::Value value, std::unordered_set<std::string_view>& ids) {
  if (!value) return;
  const std::string_view text = value.text();
  std::size_t begin = text.find('"');
  while (begin != std::string_view::npos && !ids.empty()) {
    const std::size_t end = text.find('"', begin + 1);
    if (end == std::string_view::npos) return;
    ids.erase(text.substr(begin + 1, end - begin - 1));
    begin = end;
  }
}

std::unordered_set<std::string_view> unused(const flow::Flow& flow, const std::vector<Connector>& connectors) {
  std::unordered_set<std::string_view> ids;
  for (const Connector& connector : connectors) ids.insert(connector.id);
  remove_used(flow.contents, ids);
  for (const flow::Field& field : flow.metadata) remove_used(field.value, ids);
  for (const flow::Screen& screen : flow.screens) remove_used(screen.at, ids);
  return ids;
}

void check_used(const RuleContext& context, const std::vector<Connector>& connectors, Findings& findings) {
  std::unordered_set<std::string_view> known;
  for (const Connector& connector : connectors) known.insert(connector.id);
  for (const Task& task : context.tasks.all()) {
    const json::Value argument = task.arguments.find("connectorId");
    const json::Value type = argument.find("type");
    const json::Value id = argument.find("value");
    if (type && !type.is_string("inline")) continue;
    const std::string text = flow::string_of(id);
    if (text.empty() || known.count(text) != 0) continue;
    findings.add("missing-connector", id,
                 "task " + in_ticks(task.key) + " uses the connector " + in_ticks(text) +
                     ", which is not in `references.connectors`",
                 "add it to `references.connectors`, so that other projects can map it");
  }
}

void check_unused(const RuleContext& context, const std::vector<Connector>& connectors, Findings& findings) {
  if (!context.flow.complete) return;
  const std::unordered_set<std::string_view> ids = unused(context.flow, connectors);
  for (const Connector& connector : connectors) {
    if (ids.count(connector.id) == 0) continue;
    findings.add("unused-connector", connector.key, "unused connector " + in_ticks(connector.name),
                 "remove it from `references.connectors`");
  }
}

void check_mapped(const RuleContext& context, const std::vector<Connector>& connectors, Findings& findings) {
  for (const Connector& connector : connectors) {
    std::string environments;
    for (const auto& [environment, mapped] : context.settings.mapped_connectors) {
      if (mapped.empty() || mapped.count(connector.name) != 0) continue;
      environments += (environments.empty() ? "" : ", ") + in_ticks(environment);
    }
    if (environments.empty()) continue;
    findings.add("unmapped-connector", connector.key,
                 "the connector " + in_ticks(connector.name) + " is not mapped for " + environments + ", unlike others",
                 "add it to `connectors` of the environment in flowship.json");
  }
}

}  // namespace

void check_references(const RuleContext& context, Findings& findings) {
  // In a snapshot they are in metadata.json, which may be missing.
  if (context.flow.source.layout == flow::Layout::snapshot && !context.flow.metadata_at) return;
  const std::vector<Connector> connectors = connectors_of(context.flow);
  check_used(context, connectors, findings);
  if (connectors.empty()) return;
  check_unused(context, connectors, findings);
  check_mapped(context, connectors, findings);
}

}  // namespace flowship::check
