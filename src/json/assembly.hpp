#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Writing JSON. For payloads, which embed source text verbatim, see `flow/model/payload.hpp`.

namespace flowship::json {

/// A JSON value as text: null, a boolean, an integer, a string, or the result of `object` and `array`.
class Text {
 public:
  Text() : text_("null") {}
  template <std::integral Number>
  requires(!std::same_as<Number, bool>) Text(Number number) : text_(std::to_string(number)) {}
  template <std::same_as<bool> Boolean>
  Text(Boolean boolean) : text_(boolean ? "true" : "false") {}
  /// Documents are UTF-8, which paths need not be: other bytes become U+FFFD. Control, bidirectional and
  /// invisible characters become `\u` escapes.
  Text(std::string_view string);
  Text(const std::string& string) : Text(std::string_view(string)) {}
  Text(const char* string) : Text(std::string_view(string)) {}

  /// On one line.
  const std::string& text() const { return text_; }

 private:
  struct Verbatim {
    std::string text;
  };
  explicit Text(Verbatim verbatim) : text_(std::move(verbatim.text)) {}
  friend Text object(const std::vector<struct NamedText>& members);
  friend Text array(const std::vector<Text>& elements);
  friend Text embedded(std::string document);

  std::string text_;
};

/// A member of an object.
struct NamedText {
  std::string name;
  Text value;
};

/// A string, or null if it is empty.
Text string_or_null(std::string_view string);

/// Members in the given order; their names must differ.
Text object(const std::vector<NamedText>& members);

Text array(const std::vector<Text>& elements);

/// An element for each of the `items`.
template <typename Items, typename TextOf>
Text array(const Items& items, TextOf text_of) {
  std::vector<Text> elements;
  elements.reserve(items.size());
  for (const auto& item : items) elements.push_back(text_of(item));
  return array(elements);
}

/// An array of strings.
Text strings(const std::vector<std::string>& strings);

/// A whole document, which must be valid, as a value in another one.
Text embedded(std::string document);

/// A whole document: one member or element a line, indented by two spaces a level, with a final newline.
std::string document_text(const Text& root);

}  // namespace flowship::json
