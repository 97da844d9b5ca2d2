#include "deploy/config/reference.hpp"

#include "base/text/did_you_mean.hpp"
#include "base/version.hpp"
#include "json/assembly.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace flowship::deploy {

namespace {

constexpr std::string_view kText = R"({"type": "string", "minLength": 1})";
constexpr std::string_view kFlag = R"({"type": "boolean"})";
constexpr std::string_view kTexts = R"({"type": "array", "items": {"type": "string", "minLength": 1}})";
constexpr std::string_view kIds = R"({"type": "object", "additionalProperties": {"type": "string", "minLength": 1}})";
constexpr std::string_view kSeverity = R"({"enum": ["error", "warning", "note", "off"]})";
constexpr std::string_view kSelectors =
    R"({"type": "array", "minItems": 1, "items": {"type": "object", "minProperties": 1, "maxProperties": 1, )"
    R"("additionalProperties": false, "properties": {"action": {"type": "string"}, "factor": {"type": "string"}, )"
    R"("task": {"type": "string"}, "screen": {"type": "string"}, "connector": {"type": "string"}, )"
    R"("subflow": {"type": "string"}}}})";
/// The schema of the list's items.
constexpr std::string_view kSelector = [] {
  std::string_view items = kSelectors.substr(kSelectors.find(R"("items": )") + 9);
  items.remove_suffix(1);
  return items;
}();
constexpr std::string_view kPointers = R"({"type": "array", "items": {"type": "string", "pattern": "^/"}})";

constexpr std::string_view kEnvironmentNames = R"({"pattern": "^[A-Za-z0-9_][A-Za-z0-9_-]*$"})";

constexpr ConfigMember kMembers[] = {
    {"/$schema", R"({"type": "string"})", "The JSON Schema of this file, for editors; flowship does not read it."},
    {"/sources", kTexts, "Folders or files that flows are read from. Default: the whole repository."},
    {"/environments", "", "The named targets: letters, digits, `-` (not first) and `_`. Default: one, `default`."},
    {"/environments/*/projectId", R"({"type": "string", "pattern": "^P[A-Za-z0-9]+$"})",
     "The Descope project. Default: `DESCOPE_PROJECT_ID`. Two environments can't have the same one."},
    {"/environments/*/branch", R"({"type": "string", "pattern": "^(?!refs/|HEAD$)."})",
     "The name of the branch that is deployed to the environment, such as `main`."},
    {"/environments/*/sources", kTexts, "This environment's sources, in place of the common ones."},
    {"/environments/*/managementKeyEnv", R"({"type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]*$"})",
     "The name of the variable that holds the management key, never the key. Default: `DESCOPE_MANAGEMENT_KEY`."},
    {"/environments/*/ledger", "", "Where the record of deployments is kept."},
    {"/environments/*/ledger/remote", R"({"type": "string", "pattern": "^[^-./:\\\\ ][^/:\\\\ ]*$"})",
     "The name of the git remote that shares the ledger, never a URL. Default: it stays in this clone."},
    {"/environments/*/ledger/ref", R"({"type": "string", "pattern": "^refs/(flowship|heads/flowship)/."})",
     "Its ref. Default: `refs/flowship/<environment>`. No other environment's can be the same, above or below it."},
    {"/environments/*/ledger/sign", kFlag, "Whether your git signs its entries. Default: `false`."},
    {"/environments/*/onDrift", R"({"enum": ["fail", "skip", "overwrite", "adopt"]})",
     "What a deployment does about flows that were edited in the console. Default: `fail`."},
    {"/environments/*/ignoreDrift", kPointers, "JSON Pointers into a flow; edits there are not drift."},
    {"/environments/*/changelog", kFlag, "Whether this environment's imports carry a changelog."},
    {"/environments/*/prune", kFlag, "Whether flows that the repository no longer has are deleted. Default: `false`."},
    {"/environments/*/protect", kTexts, "Flows that are never deleted: ids, or globs such as `sign-*`."},
    {"/environments/*/maxDeletes", R"({"type": "integer", "minimum": 0})",
     "How many flows one deployment may delete; beyond that none is. Default: 5."},
    {"/environments/*/connectors", kIds,
     "Names of connectors to their ids in this project. Where present, every connector in use must be mapped."},
    {"/environments/*/roles", kIds,
     "Names of roles to their ids in this project. Where present, every role in use must be mapped."},
    {"/environments/*/set",
     R"({"type": "object", "additionalProperties": {"type": "object", "propertyNames": {"pattern": "^/."}}})",
     "Per flow id, JSON Pointers to the values that they have in this environment."},
    {"/changelog", kFlag,
     "Whether imports tell the console's version history the commit that they come from. Default: `true`."},
    {"/rules", R"({"type": "object", "additionalProperties": {"enum": ["error", "warning", "note", "off"]}})",
     "Severities of rules in place of their own."},
    {"/policies", "", "What must hold for every path to a session."},
    {"/policies/-/name", kText, "What findings and `ignore` call it. Required."},
    {"/policies/-/flows", kTexts, "Globs of the ids of the flows that it is about. Default: all flows."},
    {"/policies/-/require", kSelectors, "Every path passes a task that at least one of these selectors matches."},
    {"/policies/-/forbid", kSelectors, "No path passes a task that one of these selectors matches."},
    {"/policies/-/factors", R"({"type": "integer", "minimum": 1, "maximum": 12})",
     "Every path passes at least that many different factors."},
    {"/policies/-/before", kSelector, "A path ends at the first task of the flow that it matches, not at a session."},
    {"/policies/-/severity", kSeverity, "How severe a violation is. Default: that of the rule `policy`."},
    {"/guarantees", R"({"enum": ["off", "warn", "error"]})",
     "What is done when a change lets a session be reached without what every path passed before. Default: `warn`."},
    {"/ignore", "", "Findings that are accepted, each with a reason."},
    {"/ignore/-/rule", kText, "The rule whose findings are ignored. Required."},
    {"/ignore/-/path", kText, "In this file, or in this folder and everything below it."},
    {"/ignore/-/flowId", kText, "In this flow."},
    {"/ignore/-/key", kText, "For the rule `guarantee`: the key whose loss is meant, or `assurance`."},
    {"/ignore/-/policy", kText, "For the rule `policy`: the name of the policy."},
    {"/ignore/-/reason", kText, "Why. Required."},
};

std::string_view name_of_member(std::string_view path) { return path.substr(path.rfind('/') + 1); }

std::string_view parent_of(std::string_view path) { return path.substr(0, path.rfind('/')); }

/// As people write it: `environments.<name>.ledger.remote`, `ignore[].rule`.
std::string dotted(std::string_view path) {
  std::string text;
  for (std::string_view rest = path; !rest.empty();) {
    rest.remove_prefix(1);
    const std::string_view part = rest.substr(0, rest.find('/'));
    rest.remove_prefix(part.size());
    if (part == "-") {
      text += "[]";
      continue;
    }
    text += text.empty() ? "" : ".";
    text += part == "*" ? "<name>" : part;
  }
  return text;
}

bool has_members(std::string_view path) {
  return std::any_of(std::begin(kMembers), std::end(kMembers),
                     [&](const ConfigMember& member) { return parent_of(member.path) == path; });
}

std::vector<json::NamedText> schema_of_object(std::string_view path);

/// Of a member, and of everything below it.
json::Text schema_of(const ConfigMember& member) {
  std::vector<json::NamedText> schema{{"description", member.meaning}};
  const std::string path(member.path);
  if (!member.schema.empty()) {
    schema.push_back({"allOf", json::array({json::embedded(std::string(member.schema))})});
  } else if (has_members(path + "/*")) {
    schema.push_back({"type", "object"});
    schema.push_back({"propertyNames", json::embedded(std::string(kEnvironmentNames))});
    schema.push_back({"additionalProperties", json::object(schema_of_object(path + "/*"))});
  } else if (has_members(path + "/-")) {
    schema.push_back({"type", "array"});
    schema.push_back({"items", json::object(schema_of_object(path + "/-"))});
  } else {
    for (json::NamedText& part : schema_of_object(path)) schema.push_back(std::move(part));
  }
  return json::object(schema);
}

std::vector<json::NamedText> schema_of_object(std::string_view path) {
  std::vector<json::NamedText> members;
  std::vector<std::string> required;
  for (const ConfigMember& member : kMembers) {
    if (parent_of(member.path) != path) continue;
    const std::string name(name_of_member(member.path));
    members.push_back({name, schema_of(member)});
    if (member.meaning.ends_with("Required.")) required.push_back(name);
  }
  std::vector<json::NamedText> schema{
      {"type", "object"}, {"properties", json::object(members)}, {"additionalProperties", false}};
  if (!required.empty()) schema.push_back({"required", json::strings(required)});
  return schema;
}

}  // namespace

std::span<const ConfigMember> config_members() { return kMembers; }

std::string right_place(std::string_view name, bool is_similar) {
  if (is_similar) {
    std::vector<std::string> names;
    for (const ConfigMember& member : kMembers) names.emplace_back(name_of_member(member.path));
    const std::vector<std::string> nearest = nearest_names(name, names, 1);
    return nearest.empty() ? "" : "did you mean `" + nearest[0] + "`? " + right_place(nearest[0], false);
  }
  std::string places;
  for (const ConfigMember& member : kMembers) {
    if (name_of_member(member.path) != name) continue;
    places += (places.empty() ? "`" : " or `") + dotted(member.path) + "`";
  }
  return places.empty() ? "" : "it belongs at " + places;
}

std::string config_schema_address() {
  return "https://raw.githubusercontent.com/your-organisation/flowship/v" + std::string(version()) +
         "/docs/schemas/flowship.schema.json";
}

std::string config_schema() {
  std::vector<json::NamedText> schema{{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                                      {"title", "flowship.json"}};
  for (json::NamedText& part : schema_of_object("")) schema.push_back(std::move(part));
  return json::document_text(json::object(schema));
}

std::string config_reference() {
  std::string text = "| member | meaning |\n| --- | --- |\n";
  for (const ConfigMember& member : kMembers) {
    text += "| `" + dotted(member.path) + "` | " + std::string(member.meaning) + " |\n";
  }
  return text;
}

}  // namespace flowship::deploy
