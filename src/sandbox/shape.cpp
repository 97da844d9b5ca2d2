#include "sandbox/shape.hpp"

#include "json/edit.hpp"
#include "json/pointer.hpp"

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

namespace flowship::sandbox {

namespace {

enum class Kind {
  string,
  boolean,
  object,
  strings,
  names,
  roles,
  interactions,
  screens,
  metadata,
  translation,
  references
};

enum class Need { optional, required };

/// A member of an object that the service knows.
struct MemberRule {
  std::string_view name;
  Kind kind;
  Need need = Need::optional;
  /// The JSON that the service stores if the member is missing or null; empty for nothing.
  std::string_view fallback = {};
};

constexpr std::string_view kEmptyString = "\"\"";
constexpr std::string_view kEmptyList = "[]";

constexpr MemberRule kBody[] = {
    {"flow", Kind::object, Need::required}, {"skipRender", Kind::boolean}, {"changelog", Kind::string}};

constexpr MemberRule kFlow[] = {
    {"flowId", Kind::string, Need::required},
    {"metadata", Kind::metadata, Need::required},
    {"contents", Kind::object, Need::required},
    {"screens", Kind::screens, Need::optional, kEmptyList},
    {"references", Kind::references, Need::optional,
     R"({"connectors":{},"oauth":[],"roles":[],"userAttributes":[],"tenantAttributes":[]})"}};

constexpr MemberRule kMetadata[] = {{"name", Kind::string, Need::optional, kEmptyString},
                                    {"description", Kind::string, Need::optional, kEmptyString},
                                    {"componentsVersion", Kind::string, Need::optional, "\"2.0.527\""},
                                    {"disabled", Kind::boolean, Need::optional, "false"},
                                    {"fingerprint", Kind::boolean, Need::optional, "false"},
                                    {"widget", Kind::boolean, Need::optional, "false"},
                                    {"management", Kind::boolean},
                                    {"managementConfig", Kind::object},
                                    {"translation", Kind::translation, Need::optional,
                                     R"({"enabled":false,"connectorId":"","sourceLanguage":"","targetLanguages":[]})"},
                                    {"sharedInteractions", Kind::interactions, Need::optional, kEmptyList}};

constexpr MemberRule kTranslation[] = {{"enabled", Kind::boolean, Need::optional, "false"},
                                       {"connectorId", Kind::string, Need::optional, kEmptyString},
                                       {"sourceLanguage", Kind::string, Need::optional, kEmptyString},
                                       {"targetLanguages", Kind::strings, Need::optional, kEmptyList}};

constexpr MemberRule kInteraction[] = {{"id", Kind::string, Need::optional, kEmptyString},
                                       {"type", Kind::string, Need::optional, kEmptyString},
                                       {"label", Kind::string, Need::optional, kEmptyString},
                                       {"icon", Kind::string, Need::optional, kEmptyString},
                                       {"subType", Kind::string, Need::optional, kEmptyString}};

constexpr MemberRule kScreen[] = {{"screenId", Kind::string, Need::required},
                                  {"interactions", Kind::interactions, Need::optional, kEmptyList},
                                  {"contents", Kind::object, Need::required}};

constexpr MemberRule kReferences[] = {{"connectors", Kind::names, Need::optional, "{}"},
                                      {"oauth", Kind::strings, Need::optional, kEmptyList},
                                      {"roles", Kind::roles, Need::optional, kEmptyList},
                                      {"userAttributes", Kind::strings, Need::optional, kEmptyList},
                                      {"tenantAttributes", Kind::strings, Need::optional, kEmptyList},
                                      {"omitted", Kind::strings}};

/// The members of an object of this kind, or of each object in a list of this kind; none for other kinds.
std::span<const MemberRule> members_of(Kind kind) {
  switch (kind) {
    case Kind::interactions:
      return kInteraction;
    case Kind::screens:
      return kScreen;
    case Kind::metadata:
      return kMetadata;
    case Kind::translation:
      return kTranslation;
    case Kind::references:
      return kReferences;
    default:
      return {};
  }
}

bool is_list(Kind kind) { return kind == Kind::interactions || kind == Kind::screens; }

Refusal wrong_type(const std::string& pointer, std::string_view wanted) {
  return {400, kValidationFailure, pointer + " must be " + std::string(wanted)};
}

std::optional<Refusal> check_members(json::Value object, std::span<const MemberRule> rules, const std::string& pointer);

std::optional<Refusal> check_objects(json::Value array, std::span<const MemberRule> rules, const std::string& pointer) {
  if (!array.is(json::Type::array)) return wrong_type(pointer, "an array of objects");
  std::size_t index = 0;
  for (const json::Value item : array.items()) {
    if (auto refusal = check_members(item, rules, pointer + "/" + std::to_string(index++))) return refusal;
  }
  return std::nullopt;
}

/// An empty object is as good as an empty array: in these places empty and absent mean the same.
std::optional<Refusal> check_strings(json::Value array, const std::string& pointer) {
  if (array.is(json::Type::object) && array.size() == 0) return std::nullopt;
  if (!array.is(json::Type::array)) return wrong_type(pointer, "an array of strings");
  std::size_t index = 0;
  for (const json::Value item : array.items()) {
    if (!item.is(json::Type::string)) return wrong_type(pointer + "/" + std::to_string(index), "a string");
    ++index;
  }
  return std::nullopt;
}

std::optional<Refusal> check_names(json::Value object, const std::string& pointer) {
  if (!object.is(json::Type::object)) return wrong_type(pointer, "an object");
  for (const json::Member& member : object.members()) {
    if (!member.value.is(json::Type::string)) {
      return wrong_type(pointer + "/" + json::pointer_token(member.name()), "a string");
    }
  }
  return std::nullopt;
}

std::optional<Refusal> check_value(json::Value value, Kind kind, const std::string& pointer) {
  const auto require = [&](json::Type type, std::string_view wanted) {
    return value.is(type) ? std::nullopt : std::optional(wrong_type(pointer, wanted));
  };
  switch (kind) {
    case Kind::string:
      return require(json::Type::string, "a string");
    case Kind::boolean:
      return require(json::Type::boolean, "a boolean");
    case Kind::object:
      return require(json::Type::object, "an object");
    case Kind::strings:
      return check_strings(value, pointer);
    case Kind::names:
      return check_names(value, pointer);
    case Kind::roles:
      return value.is(json::Type::object) ? check_names(value, pointer) : check_strings(value, pointer);
    default:
      return is_list(kind) ? check_objects(value, members_of(kind), pointer)
                           : check_members(value, members_of(kind), pointer);
  }
}

std::optional<Refusal> check_members(json::Value object, std::span<const MemberRule> rules,
                                     const std::string& pointer) {
  if (!object.is(json::Type::object)) return wrong_type(pointer.empty() ? "the body" : pointer, "an object");
  for (const MemberRule& rule : rules) {
    const json::Value value = object.find(rule.name);
    const std::string at = pointer + "/" + std::string(rule.name);
    if (!value || value.is(json::Type::null)) {
      if (rule.need == Need::required) return Refusal{400, kMissingArguments, at + " is required"};
      continue;
    }
    if (auto refusal = check_value(value, rule.kind, at)) return refusal;
  }
  return std::nullopt;
}

/// The text of `object` with the fallbacks of missing and null members.
std::string filled(json::Value object, std::span<const MemberRule> rules) {
  std::string added;
  std::vector<json::Replacement> changes;
  for (const MemberRule& rule : rules) {
    const json::Value value = object.find(rule.name);
    if (!value || value.is(json::Type::null)) {
      if (rule.fallback.empty()) continue;
      if (value) {
        changes.push_back({value, std::string(rule.fallback)});
      } else {
        if (object.size() > 0 || !added.empty()) added += ",";
        added += json::quoted(rule.name) + ":" + std::string(rule.fallback);
      }
    } else if (is_list(rule.kind)) {
      for (const json::Value item : value.items()) changes.push_back({item, filled(item, members_of(rule.kind))});
    } else if (!members_of(rule.kind).empty()) {
      changes.push_back({value, filled(value, members_of(rule.kind))});
    }
  }
  std::string text = json::with_replacements(object, std::move(changes));
  text.insert(text.size() - 1, added);
  return text;
}

}  // namespace

bool is_flow_id(std::string_view text) {
  return !text.empty() && text.size() <= 128 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

std::optional<Refusal> check_flow(json::Value flow, const std::string& pointer) {
  if (auto refusal = check_members(flow, kFlow, pointer)) return refusal;
  if (!is_flow_id(flow.find("flowId").string())) {
    return Refusal{400, kValidationFailure,
                   pointer + "/flowId must be 1 to 128 letters, digits, hyphens and underscores"};
  }
  return std::nullopt;
}

std::optional<Refusal> check_import(json::Value body) {
  if (auto refusal = check_members(body, kBody, "")) return refusal;
  return check_flow(body.find("flow"), "/flow");
}

std::string with_defaults(json::Value flow) { return filled(flow, kFlow); }

}  // namespace flowship::sandbox
