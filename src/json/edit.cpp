#include "json/edit.hpp"

#include "json/container.hpp"

#include <algorithm>
#include <cstdio>

namespace flowship::json {

namespace {

/// Where `inner` begins in the text of `outer`; both views are of one document.
std::size_t offset_in(Value outer, Value inner) {
  return static_cast<std::size_t>(inner.text().data() - outer.text().data());
}

std::vector<Slot> all_of(const Container& container) {
  std::vector<Slot> slots;
  for (std::size_t item = 0; item < container.size(); ++item)
    slots.push_back({item, std::string(container.text(item))});
  return slots;
}

}  // namespace

std::string quoted(std::string_view text) {
  constexpr std::string_view kEscaped = "\"\\\b\f\n\r\t";
  constexpr std::string_view kNames = "\"\\bfnrt";
  std::string result = "\"";
  for (const char character : text) {
    const bool is_control = static_cast<unsigned char>(character) < ' ';
    if (!is_control && character != '"' && character != '\\') {
      result += character;
    } else if (const std::size_t at = kEscaped.find(character); at != std::string_view::npos) {
      result += '\\';
      result += kNames[at];
    } else {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(character));
      result += escape;
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

std::string with_replacements(const Document& document, std::vector<Replacement> replacements) {
  const std::string_view text = document.text();
  const std::string_view value = document.root().text();
  const auto begin = static_cast<std::size_t>(value.data() - text.data());
  return std::string(text.substr(0, begin))
      .append(with_replacements(document.root(), std::move(replacements)))
      .append(text.substr(begin + value.size()));
}

std::string with_member(Value object, std::string_view name, std::string_view text) {
  const std::string member = quoted(name);
  if (object.size() == 0) return "{" + member + ": " + std::string(text) + "}";
  const Container container(object);
  std::vector<Slot> slots = all_of(container);
  slots.push_back({{}, member + std::string(container.colon()) + std::string(text)});
  return container.with(slots);
}

std::string without_member(Value object, std::string_view name) {
  const Container container(object);
  std::vector<Slot> slots = all_of(container);
  std::size_t index = 0;
  for (const Member& member : object.members()) {
    if (member.key.is_string(name)) {
      slots.erase(slots.begin() + static_cast<std::ptrdiff_t>(index));
      break;
    }
    ++index;
  }
  return container.with(slots);
}

}  // namespace flowship::json
