#include "json/document.hpp"

#include "base/error.hpp"
#include "base/text/printable.hpp"
#include "base/text/utf8.hpp"
#include "json/reader.hpp"

#include <algorithm>

namespace flowship::json {

namespace {

std::uint32_t hex4(std::string_view digits) {
  std::uint32_t value = 0;
  for (const char digit : digits.substr(0, 4)) {
    const auto letter = static_cast<unsigned char>(digit);
    value = value * 16 + (letter <= '9' ? letter - '0' : (letter | 0x20U) - 'a' + 10U);
  }
  return value;
}

/// Decodes the text between a string's quotes. The reader has validated every escape.
std::string decoded(std::string_view inside) {
  std::string text;
  text.reserve(inside.size());
  while (!inside.empty()) {
    const std::size_t plain = std::min(inside.find('\\'), inside.size());
    text += inside.substr(0, plain);
    inside.remove_prefix(plain);
    if (inside.empty()) break;
    const char kind = inside[1];
    if (kind != 'u') {
      constexpr std::string_view kNames = "\"\\/bfnrt";
      constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
      text += kMeanings[kNames.find(kind)];
      inside.remove_prefix(2);
      continue;
    }
    std::uint32_t code = hex4(inside.substr(2));
    inside.remove_prefix(6);
    if (code >= 0xD800 && code <= 0xDBFF) {
      code = 0x10000 + ((code - 0xD800) << 10U) + (hex4(inside.substr(2)) - 0xDC00);
      inside.remove_prefix(6);
    }
    append_utf8(text, code);
  }
  return text;
}

}  // namespace

ReadResult Document::read(std::string text, std::string name) {
  auto document = std::make_shared<Document>();
  document->text_ = std::move(text);
  document->name_ = std::move(name);
  Reader reader(*document);
  if (!reader.read()) return {.document = nullptr, .fault = reader.fault()};
  return {.document = std::move(document), .fault = {}};
}

DocumentPtr Document::parse(std::string text, const std::string& name) {
  ReadResult result = read(std::move(text), name);
  if (result.fault) {
    const Position position = result.fault->position;
    const std::string place = std::to_string(position.line) + ":" + std::to_string(position.column);
    throw Error((name.empty() ? "line " : printable(name) + ":") + place + ": " + result.fault->message, {},
                Fault::invalid);
  }
  return std::move(result.document);
}

Position Document::position(std::size_t offset) const {
  const std::string_view before = std::string_view(text_).substr(0, offset);
  const std::size_t line_begin = before.rfind('\n') + 1;
  Position position;
  position.line += static_cast<int>(std::count(before.begin(), before.end(), '\n'));
  for (const char byte : before.substr(line_begin)) {
    if (!continues_character(byte)) ++position.column;
  }
  return position;
}

std::string Value::string() const {
  const std::optional<std::string_view> unescaped = plain();
  return unescaped ? std::string(*unescaped) : decoded(text().substr(1, text().size() - 2));
}

bool Value::boolean() const { return text() == "true"; }

std::size_t Value::size() const { return document_->count(node_); }

Value Value::find(std::string_view name) const {
  for (const Member member : members()) {
    if (member.key.is_string(name)) return member.value;
  }
  return {};
}

Position Value::position() const { return document_->position(document_->nodes_[node_].begin()); }

}  // namespace flowship::json
