#include "flow/model/flow.hpp"

#include "base/text/printable.hpp"
#include "base/text/utf8.hpp"

#include <algorithm>
#include <charconv>

namespace flowship::flow {

const Field* find(const Fields& fields, std::string_view name) {
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const Field& field) { return field.name == name; });
  return found == fields.end() ? nullptr : &*found;
}

json::Value value_of(const Fields& fields, std::string_view name) {
  const Field* field = find(fields, name);
  return field == nullptr ? json::Value() : field->value;
}

std::string string_of(json::Value value) { return value.is(json::Type::string) ? value.string() : std::string(); }

std::string message_text(std::string_view text) {
  constexpr std::size_t kLongest = 140;
  return printable(truncated(text, kLongest));
}

Fields fields_of(json::Value object) {
  Fields fields;
  for (const json::Member& member : object.members()) fields.push_back({member.name(), member.value, member.value});
  return fields;
}

Screen screen_of(json::Value value) {
  Screen screen;
  screen.at = value;
  screen.fields = fields_of(value);
  screen.id = string_of(value_of(screen.fields, "screenId"));
  return screen;
}

void rest(const Flow& flow) {
  // What an environment sets is in documents of its own.
  const bool is_one_of_many = !flow.documents.empty() && flow.documents.front()->is_packed();
  if (!is_one_of_many) return;
  for (const json::DocumentPtr& document : flow.documents) {
    document->pack();
    document->rest();
  }
}

json::Value malformed_metadata(const Flow& flow) {
  return flow.metadata.empty() && !flow.metadata_at.is(json::Type::object) ? flow.metadata_at : json::Value();
}

json::Value malformed_screens(const Flow& flow) {
  return flow.screens.empty() && !flow.screens_at.is(json::Type::array) ? flow.screens_at : json::Value();
}

json::Value malformed_screen(const Screen& screen) {
  return screen.at.is(json::Type::object) ? json::Value() : screen.at;
}

std::vector<ScreenKey> screen_keys(const Flow& flow) {
  std::vector<ScreenKey> keys;
  std::map<std::string_view, std::size_t> seen;
  for (const Screen& screen : flow.screens) keys.emplace_back(screen.id, seen[screen.id]++);
  return keys;
}

std::map<ScreenKey, const Screen*> screens_by_key(const Flow& flow) {
  std::map<ScreenKey, const Screen*> screens;
  std::size_t index = 0;
  for (ScreenKey& key : screen_keys(flow)) screens.emplace(std::move(key), &flow.screens[index++]);
  return screens;
}

const Screen* find_screen(const Flow& flow, std::string_view id) {
  const auto found =
      std::find_if(flow.screens.begin(), flow.screens.end(), [&](const Screen& screen) { return screen.id == id; });
  return found == flow.screens.end() ? nullptr : &*found;
}

const Screen* screen_at(const Flow& flow, const std::string& token) {
  std::size_t index = 0;
  const char* const end = token.data() + token.size();
  const auto [rest, failure] = std::from_chars(token.data(), end, index);
  const bool is_index = failure == std::errc() && rest == end && (token == "0" || token.front() != '0');
  if (is_index && index < flow.screens.size()) return &flow.screens[index];
  return token.empty() ? nullptr : find_screen(flow, token);
}

}  // namespace flowship::flow
