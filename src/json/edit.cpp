#include "json/edit.hpp"

#include <algorithm>
#include <cstdio>

namespace flowship::json {

namespace {

/// Where `inner` begins in the text of `outer`; both views are of one document.
std::size_t offset_in(Value outer, Value inner) {
  return static_cast<std::size_t>(inner.text().data() - outer.text().data());
}

/// How an object's author writes members, and where the last one ends.
struct Manner {
  /// What stands between two members.
  std::string comma;
  /// What stands between a key and its value.
  std::string_view colon;
  std::size_t end = 0;
};

/// The manner of an object with at least one member.
Manner manner_of(Value object) {
  const std::string_view source = object.text();
  Manner manner;
  std::size_t before_last = 0;
  std::size_t last = 0;
  for (const Member member : object.members()) {
    before_last = manner.end;
    last = offset_in(object, member.key);
    const std::size_t key_end = last + member.key.text().size();
    const std::size_t value = offset_in(object, member.value);
    manner.colon = source.substr(key_end, value - key_end);
    manner.end = value + member.value.text().size();
  }
  if (before_last != 0) {
    manner.comma = source.substr(before_last, last - before_last);
    return manner;
  }
  // An only member shows by what stands before it whether members have lines of their own.
  const std::string_view space = source.substr(1, last - 1);
  const bool on_one_line = space.find('\n') == std::string_view::npos;
  manner.comma = ",";
  manner.comma += on_one_line ? std::string_view(manner.colon.size() > 1 ? " " : "") : space;
  return manner;
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
  const Manner manner = manner_of(object);
  std::string result(source.substr(0, manner.end));
  result.append(manner.comma).append(member).append(manner.colon).append(text);
  return result.append(source.substr(manner.end));
}

}  // namespace flowship::json
