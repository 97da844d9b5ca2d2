#include "sandbox/defaults.hpp"

#include "json/edit.hpp"

#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace flowship::sandbox {

namespace {

struct Default {
  std::string_view name;
  /// As JSON.
  std::string_view text;
};

constexpr Default kTranslation[] = {
    {"enabled", "false"}, {"connectorId", "\"\""}, {"sourceLanguage", "\"\""}, {"targetLanguages", "[]"}};

constexpr Default kInteraction[] = {
    {"id", "\"\""}, {"type", "\"\""}, {"label", "\"\""}, {"icon", "\"\""}, {"subType", "\"\""}};

constexpr Default kMetadata[] = {
    {"name", "\"\""},
    {"description", "\"\""},
    {"componentsVersion", "\"2.0.527\""},
    {"disabled", "false"},
    {"fingerprint", "false"},
    {"widget", "false"},
    {"translation", R"({"enabled":false,"connectorId":"","sourceLanguage":"","targetLanguages":[]})"},
    {"sharedInteractions", "[]"}};

constexpr Default kScreen[] = {{"interactions", "[]"}};

constexpr Default kReferences[] = {
    {"connectors", "{}"}, {"oauth", "[]"}, {"roles", "[]"}, {"userAttributes", "[]"}, {"tenantAttributes", "[]"}};

constexpr Default kFlow[] = {
    {"screens", "[]"},
    {"references", R"({"connectors":{},"oauth":[],"roles":[],"userAttributes":[],"tenantAttributes":[]})"}};

/// The text of `object` with `changes` made and every default put in where a member is missing or null.
std::string filled(json::Value object, std::span<const Default> defaults, std::vector<json::Replacement> changes = {}) {
  std::string added;
  for (const Default& member : defaults) {
    const json::Value value = object.find(member.name);
    if (!value) {
      if (object.size() > 0 || !added.empty()) added += ",";
      added += json::quoted(member.name) + ":" + std::string(member.text);
    } else if (value.is(json::Type::null)) {
      changes.push_back({value, std::string(member.text)});
    }
  }
  std::string text = json::with_replacements(object, std::move(changes));
  text.insert(text.size() - 1, added);
  return text;
}

/// A replacement for every object in `array`, which may be absent or null.
void fill_each(json::Value array, std::span<const Default> defaults, std::vector<json::Replacement>& changes) {
  for (const json::Value item : array.items()) changes.push_back({item, filled(item, defaults)});
}

std::string filled_screen(json::Value screen) {
  std::vector<json::Replacement> changes;
  fill_each(screen.find("interactions"), kInteraction, changes);
  return filled(screen, kScreen, std::move(changes));
}

std::string filled_metadata(json::Value metadata) {
  std::vector<json::Replacement> changes;
  fill_each(metadata.find("sharedInteractions"), kInteraction, changes);
  const json::Value translation = metadata.find("translation");
  if (translation.is(json::Type::object)) changes.push_back({translation, filled(translation, kTranslation)});
  return filled(metadata, kMetadata, std::move(changes));
}

}  // namespace

std::string with_defaults(json::Value flow) {
  std::vector<json::Replacement> changes;
  const json::Value metadata = flow.find("metadata");
  changes.push_back({metadata, filled_metadata(metadata)});
  for (const json::Value screen : flow.find("screens").items()) changes.push_back({screen, filled_screen(screen)});
  const json::Value references = flow.find("references");
  if (references.is(json::Type::object)) changes.push_back({references, filled(references, kReferences)});
  return filled(flow, kFlow, std::move(changes));
}

}  // namespace flowship::sandbox
