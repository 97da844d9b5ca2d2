#include "json/assembly.hpp"

#include "base/text/printable.hpp"
#include "base/text/utf8.hpp"
#include "json/edit.hpp"

#include <algorithm>
#include <cstdio>
#include <utility>

namespace flowship::json {

namespace {

void append_escape(std::string& text, std::uint32_t unit) {
  char escape[8];
  std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(unit & 0xFFFFU));
  text += escape;
}

/// With escapes for what no terminal or browser is to act on, such as DEL and bidirectional overrides. Beyond U+FFFF
/// JSON has two of them, a surrogate pair.
std::string quoted_for_display(std::string_view string) {
  const auto is_plain = [](char character) {
    return character >= ' ' && character <= '~' && character != '"' && character != '\\';
  };
  // Nearly all are.
  if (std::all_of(string.begin(), string.end(), is_plain)) return std::string("\"").append(string) + '"';
  const std::string text = json::quoted(valid_utf8(string));
  std::string escaped;
  escaped.reserve(text.size());
  for (std::string_view rest = text; !rest.empty();) {
    const Character character = first_character(rest);
    if (!is_shown_as_escape(character.code)) {
      escaped += character.bytes;
    } else if (character.code < 0x10000) {
      append_escape(escaped, character.code);
    } else {
      append_escape(escaped, 0xD800 + ((character.code - 0x10000) >> 10U));
      append_escape(escaped, 0xDC00 + ((character.code - 0x10000) & 0x3FFU));
    }
    rest.remove_prefix(character.bytes.size());
  }
  return escaped;
}

/// The offset behind the string that begins at `begin`.
std::size_t end_of_string(std::string_view text, std::size_t begin) {
  std::size_t at = begin + 1;
  while (text[at] != '"') at += text[at] == '\\' ? 2 : 1;
  return at + 1;
}

}  // namespace

Text::Text(std::string_view string) : text_(quoted_for_display(string)) {}

Text string_or_null(std::string_view string) { return string.empty() ? Text() : Text(string); }

Text object(const std::vector<NamedText>& members) {
  std::string text = "{";
  for (const NamedText& member : members) {
    if (text.size() > 1) text += ',';
    text.append(Text(member.name).text()).append(":").append(member.value.text());
  }
  text += '}';
  return Text(Text::Verbatim{std::move(text)});
}

Text array(const std::vector<Text>& elements) {
  std::string text = "[";
  for (const Text& element : elements) {
    if (text.size() > 1) text += ',';
    text += element.text();
  }
  text += ']';
  return Text(Text::Verbatim{std::move(text)});
}

Text strings(const std::vector<std::string>& strings) {
  return array(strings, [](const std::string& string) { return Text(string); });
}

Text embedded(std::string document) { return Text(Text::Verbatim{std::move(document)}); }

std::string document_text(const Text& root) {
  constexpr std::string_view kSpace = " \t\r\n";
  constexpr std::string_view kIndent = "  ";
  const std::string_view text = root.text();
  std::string laid_out;
  laid_out.reserve(text.size() * 2);
  std::string line_break = "\n";
  // A bracket, and nothing since.
  bool is_opened = false;
  for (std::size_t at = 0; at < text.size();) {
    const char character = text[at];
    const std::size_t end = character == '"' ? end_of_string(text, at) : at + 1;
    const bool is_space = kSpace.find(character) != std::string_view::npos;
    const bool closes = character == '}' || character == ']';
    if (!is_space) {
      if (closes) line_break.resize(line_break.size() - kIndent.size());
      if (is_opened != closes) laid_out += line_break;
      is_opened = character == '{' || character == '[';
      if (is_opened) line_break += kIndent;
      laid_out += text.substr(at, end - at);
      if (character == ',') laid_out += line_break;
      if (character == ':') laid_out += ' ';
    }
    at = end;
  }
  return laid_out + '\n';
}

}  // namespace flowship::json
