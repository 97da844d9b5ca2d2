#include "json/members.hpp"

#include "base/error.hpp"

namespace flowship::json {

void refuse(Value at, const std::string& message, const std::string& hint) {
  const Position position = at.position();
  throw Error(at.document().name() + ":" + std::to_string(position.line) + ":" + std::to_string(position.column) +
                  ": " + message,
              hint, Fault::invalid);
}

std::string text_of(Value value, std::string_view what) {
  if (!value.is(Type::string)) refuse(value, std::string(what) + " must be a string");
  std::string text = value.string();
  if (text.empty()) refuse(value, std::string(what) + " must not be empty", "write one, or leave it out");
  return text;
}

bool flag_of(Value value, std::string_view what) {
  if (!value.is(Type::boolean)) refuse(value, std::string(what) + " must be true or false");
  return value.boolean();
}

void expect_object(Value value, std::string_view what) {
  if (!value.is(Type::object)) refuse(value, std::string(what) + " must be an object");
}

std::vector<std::string> texts_of(Value value, std::string_view what) {
  if (!value.is(Type::array)) refuse(value, std::string(what) + " must be a list of strings");
  std::vector<std::string> texts;
  for (const Value item : value.items()) texts.push_back(text_of(item, "each entry of " + std::string(what)));
  return texts;
}

}  // namespace flowship::json
