#include "json/edit.hpp"

#include <algorithm>
#include <cstdio>

namespace flowship::json {

namespace {

/// Where `inner` begins in the text of `outer`; both views are of one document.
std::size_t offset_in(Value outer, Value inner) {
  return static_cast<std::size_t>(inner.text().data() - outer.text().data());
}

}  // namespace

std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char character : text) {
    switch (character) {
      case '"':
        result += "\\\"";
        break;
      case '\\':
        result += "\\\\";
        break;
      case '\b':
        result += "\\b";
        break;
      case '\f':
        result += "\\f";
        break;
      case '\n':
        result += "\\n";
        break;
      case '\r':
        result += "\\r";
        break;
      case '\t':
        result += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(character) < ' ') {
          char escape[8];
          std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(character));
          result += escape;
        } else {
          result += character;
        }
    }
  }
  return result + "\"";
}

std::string with_replacements(Value value, std::vector<Replacement> replacements) {
  std::sort(replacements.begin(), replacements.end(),
            [](const Replacement& a, const Replacement& b) { return a.at.text().data() < b.at.text().data(); });
  const std::string_view source = value.text();
  std::string result;
  std::size_t copied = 0;
  for (const Replacement& replacement : replacements) {
    const std::size_t begin = offset_in(value, replacement.at);
    result += source.substr(copied, begin - copied);
    result += replacement.text;
    copied = begin + replacement.at.text().size();
  }
  return result += source.substr(copied);
}

std::string with_member(Value object, std::string_view name, std::string_view text) {
  const std::string_view source = object.text();
  const std::string member = quoted(name);
  if (object.size() == 0) return "{" + member + ": " + std::string(text) + "}";
  std::size_t first = 0;
  std::size_t end = 0;
  std::size_t key_end = 0;
  for (const Member each : object.members()) {
    if (first == 0) {
      first = offset_in(object, each.key);
      key_end = first + each.key.text().size();
      // What stands between key and value is the author's way to write a colon.
      end = offset_in(object, each.value);
    }
  }
  const std::string_view colon = source.substr(key_end, end - key_end);
  for (const Member each : object.members()) end = offset_in(object, each.value) + each.value.text().size();
  const std::string_view indent = source.substr(1, first - 1);
  std::string result(source.substr(0, end));
  result += ",";
  result += indent.empty() && colon.size() > 1 ? " " : indent;
  return result.append(member).append(colon).append(text).append(source.substr(end));
}

}  // namespace flowship::json
