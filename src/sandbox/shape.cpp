#include "sandbox/shape.hpp"

#include "json/pointer.hpp"

#include <algorithm>
#include <span>

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

struct MemberRule {
  std::string_view name;
  Kind kind;
  Need need = Need::optional;
};

constexpr MemberRule kBody[] = {
    {"flow", Kind::object, Need::required}, {"skipRender", Kind::boolean}, {"changelog", Kind::string}};

constexpr MemberRule kFlow[] = {{"flowId", Kind::string, Need::required},
                                {"metadata", Kind::metadata, Need::required},
                                {"contents", Kind::object, Need::required},
                                {"screens", Kind::screens},
                                {"references", Kind::references}};

constexpr MemberRule kMetadata[] = {{"name", Kind::string},
                                    {"description", Kind::string},
                                    {"componentsVersion", Kind::string},
                                    {"disabled", Kind::boolean},
                                    {"fingerprint", Kind::boolean},
                                    {"widget", Kind::boolean},
                                    {"management", Kind::boolean},
                                    {"managementConfig", Kind::object},
                                    {"translation", Kind::translation},
                                    {"sharedInteractions", Kind::interactions}};

constexpr MemberRule kTranslation[] = {{"enabled", Kind::boolean},
                                       {"connectorId", Kind::string},
                                       {"sourceLanguage", Kind::string},
                                       {"targetLanguages", Kind::strings}};

constexpr MemberRule kInteraction[] = {{"id", Kind::string},
                                       {"type", Kind::string},
                                       {"label", Kind::string},
                                       {"icon", Kind::string},
                                       {"subType", Kind::string}};

constexpr MemberRule kScreen[] = {{"screenId", Kind::string, Need::required},
                                  {"interactions", Kind::interactions},
                                  {"contents", Kind::object, Need::required}};

constexpr MemberRule kReferences[] = {{"connectors", Kind::names},
                                      {"oauth", Kind::strings},
                                      {"roles", Kind::roles},
                                      {"userAttributes", Kind::strings},
                                      {"tenantAttributes", Kind::strings},
                                      {"omitted", Kind::strings}};

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
  const auto is = [&](json::Type type, std::string_view wanted) -> std::optional<Refusal> {
    if (value.is(type)) return std::nullopt;
    return wrong_type(pointer, wanted);
  };
  switch (kind) {
    case Kind::string:
      return is(json::Type::string, "a string");
    case Kind::boolean:
      return is(json::Type::boolean, "a boolean");
    case Kind::object:
      return is(json::Type::object, "an object");
    case Kind::strings:
      return check_strings(value, pointer);
    case Kind::names:
      return check_names(value, pointer);
    case Kind::roles:
      return value.is(json::Type::object) ? check_names(value, pointer) : check_strings(value, pointer);
    case Kind::interactions:
      return check_objects(value, kInteraction, pointer);
    case Kind::screens:
      return check_objects(value, kScreen, pointer);
    case Kind::metadata:
      return check_members(value, kMetadata, pointer);
    case Kind::translation:
      return check_members(value, kTranslation, pointer);
    case Kind::references:
      return check_members(value, kReferences, pointer);
  }
  return std::nullopt;
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

}  // namespace flowship::sandbox
