#include "json/pointer.hpp"

#include <Poco/String.h>

#include <charconv>

namespace flowship::json {

namespace {

/// A token as an array index: decimal, without leading zeros.
std::optional<std::size_t> index_of(const std::string& token) {
  if (token.empty() || (token.size() > 1 && token[0] == '0')) return std::nullopt;
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), index);
  if (error != std::errc() || end != token.data() + token.size()) return std::nullopt;
  return index;
}

Value child(Value value, const std::string& token) {
  if (value.is(Type::object)) return value.find(token);
  if (!value.is(Type::array)) return {};
  const std::optional<std::size_t> index = index_of(token);
  if (!index || *index >= value.size()) return {};
  std::size_t at = 0;
  for (const Value item : value.items()) {
    if (at++ == *index) return item;
  }
  return {};
}

}  // namespace

std::optional<Pointer> parse_pointer(std::string_view text) {
  Pointer pointer;
  if (text.empty()) return pointer;
  if (text[0] != '/') return std::nullopt;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '/') {
      pointer.emplace_back();
    } else if (text[at] == '~') {
      const char kind = at + 1 < text.size() ? text[at + 1] : '\0';
      if (kind != '0' && kind != '1') return std::nullopt;
      pointer.back() += kind == '0' ? '~' : '/';
      ++at;
    } else {
      pointer.back() += text[at];
    }
  }
  return pointer;
}

std::string pointer_token(std::string_view name) {
  return Poco::replace(Poco::replace(std::string(name), "~", "~0"), "/", "~1");
}

std::string pointer_text(const Pointer& pointer) {
  std::string text;
  for (const std::string& token : pointer) text += "/" + pointer_token(token);
  return text;
}

Value resolve(Value value, const Pointer& pointer) {
  for (const std::string& token : pointer) {
    value = child(value, token);
    if (!value) break;
  }
  return value;
}

}  // namespace flowship::json
