#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace flowship::report {

/// `text` escaped for use between tags and in quoted attributes of HTML and XML. Control characters, most of which XML
/// 1.0 can't express, and those that change a line's direction appear as escapes such as `\x1b`.
std::string markup_text(std::string_view text);

/// A piece of HTML. Texts are escaped as they become markup; only `verbatim` takes what is markup already.
class Markup {
 public:
  Markup() = default;
  Markup(std::string_view text) : markup_(markup_text(text)) {}
  Markup(const std::string& text) : Markup(std::string_view(text)) {}
  Markup(const char* text) : Markup(std::string_view(text)) {}
  static Markup verbatim(std::string markup) {
    Markup result;
    result.markup_ = std::move(markup);
    return result;
  }

  Markup& operator+=(const Markup& other) {
    markup_ += other.markup_;
    return *this;
  }
  friend Markup operator+(Markup left, const Markup& right) { return left += right; }

  bool empty() const { return markup_.empty(); }
  const std::string& str() const { return markup_; }

 private:
  std::string markup_;
};

/// The program's own words: what is in backticks becomes code.
Markup markup_words(std::string_view text);

}  // namespace flowship::report
