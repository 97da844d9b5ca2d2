// The rules about connectors: what a task uses, what `references` names, and what an environment maps.

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

/// Takes out of `ids` those that some string of `value` is. An id is letters and digits, so it stands in the text as it
/// is; one pass over the quotation marks is enough.
void take_used(json::Value value, std::unordered_set<std::string_view>& ids) {
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
  take_used(flow.contents, ids);
  for (const flow::Field& field : flow.metadata) take_used(field.value, ids);
  for (const flow::Screen& screen : flow.screens) take_used(screen.at, ids);
  return ids;
}

void check_used(const Subject& subject, const std::vector<Connector>& connectors, Findings& findings) {
  std::unordered_set<std::string_view> known;
  for (const Connector& connector : connectors) known.insert(connector.id);
  for (const Task& task : subject.tasks.all()) {
    const json::Value argument = task.arguments.find("connectorId");
    const json::Value type = argument.find("type");
    const json::Value id = argument.find("value");
    if (!id.is(json::Type::string) || (type && !type.is_string("inline"))) continue;
    const std::string text = id.string();
    if (text.empty() || known.count(text) != 0) continue;
    findings.add("missing-connector", id,
                 "task " + in_ticks(task.key) + " uses the connector " + in_ticks(text) +
                     ", which `references.connectors` does not have",
                 "name it in `references.connectors`, so that another project can find its own");
  }
}

void check_unused(const Subject& subject, const std::vector<Connector>& connectors, Findings& findings) {
  if (!subject.flow.complete) return;
  const std::unordered_set<std::string_view> ids = unused(subject.flow, connectors);
  for (const Connector& connector : connectors) {
    if (ids.count(connector.id) == 0) continue;
    findings.add("unused-connector", connector.key, "nothing uses the connector " + in_ticks(connector.name),
                 "remove it from `references.connectors`");
  }
}

void check_mapped(const Subject& subject, const std::vector<Connector>& connectors, Findings& findings) {
  for (const Connector& connector : connectors) {
    std::string environments;
    for (const auto& [environment, mapped] : subject.settings.mapped_connectors) {
      if (mapped.empty() || mapped.count(connector.name) != 0) continue;
      environments += (environments.empty() ? "" : ", ") + in_ticks(environment);
    }
    if (environments.empty()) continue;
    findings.add(
        "unmapped-connector", connector.key,
        "the connector " + in_ticks(connector.name) + " is not mapped for " + environments + ", which maps others",
        "add it to `connectors` there in flowship.json");
  }
}

}  // namespace

void check_references(const Subject& subject, Findings& findings) {
  // In a snapshot they are in metadata.json; without it nobody knows what is referenced.
  if (subject.flow.source.layout == flow::Layout::snapshot && !subject.flow.metadata_at) return;
  const std::vector<Connector> connectors = connectors_of(subject.flow);
  check_used(subject, connectors, findings);
  if (connectors.empty()) return;
  check_unused(subject, connectors, findings);
  check_mapped(subject, connectors, findings);
}

}  // namespace flowship::check
