// The rules about connectors and roles: those that tasks use, that `references` lists, and that environments map.

#include "check/rules/rule.hpp"

#include <algorithm>
#include <map>
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

/// By environment: names to ids.
using Mappings = std::map<std::string, std::map<std::string, std::string>>;

/// The environments that map others, but not this name; empty if there is none.
template <typename IsMapped>
std::string environments_without(const Mappings& mappings, const IsMapped& is_mapped) {
  std::string environments;
  for (const auto& [environment, mapped] : mappings) {
    if (!is_mapped(mapped)) environments += (environments.empty() ? "" : ", ") + in_ticks(environment);
  }
  return environments;
}

/// A name in `references` that an environment does not map, so that another project's id would be sent.
void check_name_mapped(std::string_view rule, std::string_view member, const Mappings& mappings,
                       const std::string& name, json::Value at, Findings& findings) {
  const std::string environments =
      environments_without(mappings, [&](const auto& mapped) { return mapped.contains(name); });
  if (environments.empty()) return;
  const std::string what(member.substr(0, member.size() - 1));
  Finding& finding = findings.add(
      rule, at, "the " + what + " " + in_ticks(name) + " is not in `" + std::string(member) + "` of " + environments,
      "add its id in that project to flowship.json");
  finding.cause = finding.message;
}

/// The same for an id that `references` gives no name to, so that none could be mapped.
void check_id_mapped(const Mappings& mappings, json::Value at, const std::string& id, const std::string& task,
                     Findings& findings) {
  const std::string environments = environments_without(mappings, [&](const auto& mapped) {
    return std::any_of(mapped.begin(), mapped.end(), [&](const auto& entry) { return entry.second == id; });
  });
  if (environments.empty()) return;
  Finding& finding = findings.add_for(
      id, "unmapped-connector", at,
      "the connector " + in_ticks(id) + " is not in `references.connectors`, so it can't be mapped for " + environments,
      "add it to `references.connectors` of the flow, and to `connectors` of the environment in flowship.json", task);
  finding.cause = finding.message;
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
    const std::string named = name_in_ticks(task.name, task.key);
    Finding& finding = findings.add_for(
        text, "missing-connector", id,
        "task " + named + " uses the connector " + in_ticks(text) + ", which is not in `references.connectors`",
        "add it to `references.connectors`, so that other projects can map it", named);
    finding.cause = text;
    check_id_mapped(context.settings.mapped_connectors, id, text, named, findings);
  }
  const json::Value translator = flow::value_of(context.flow.metadata, "translation").find("connectorId");
  const std::string text = flow::string_of(translator);
  if (!text.empty() && known.count(text) == 0) {
    check_id_mapped(context.settings.mapped_connectors, translator, text, {}, findings);
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

/// Roles are a map of names to ids, or a list of names.
void check_roles_mapped(const RuleContext& context, Findings& findings) {
  const json::Value roles = context.flow.references.find("roles");
  const Mappings& mappings = context.settings.mapped_roles;
  for (const json::Member& member : roles.members()) {
    check_name_mapped("unmapped-role", "roles", mappings, member.name(), member.key, findings);
  }
  for (const json::Value item : roles.items()) {
    if (!item.is(json::Type::string)) continue;
    check_name_mapped("unmapped-role", "roles", mappings, item.string(), item, findings);
  }
}

}  // namespace

void check_references(const RuleContext& context, Findings& findings) {
  // In a snapshot they are in metadata.json, which may be missing.
  if (context.flow.source.layout == flow::Layout::snapshot && !context.flow.metadata_at) return;
  const std::vector<Connector> connectors = connectors_of(context.flow);
  check_used(context, connectors, findings);
  check_roles_mapped(context, findings);
  if (connectors.empty()) return;
  check_unused(context, connectors, findings);
  for (const Connector& connector : connectors) {
    check_name_mapped("unmapped-connector", "connectors", context.settings.mapped_connectors, connector.name,
                      connector.key, findings);
  }
}

}  // namespace flowship::check
