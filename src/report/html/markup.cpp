#include "report/html/markup.hpp"

#include "base/text/printable.hpp"

namespace flowship::report {

std::string markup_text(std::string_view text) {
  std::string result;
  for (const char character : printable(text)) {
    switch (character) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\'':
        result += "&#39;";
        break;
      default:
        result += character;
    }
  }
  // U+FFFE and U+FFFF are well-formed UTF-8, and still no characters of XML.
  for (const std::string_view banned : {"\xEF\xBF\xBE", "\xEF\xBF\xBF"}) {
    for (std::size_t at = result.find(banned); at != std::string::npos; at = result.find(banned, at)) {
      result.replace(at, banned.size(), "\xEF\xBF\xBD");
    }
  }
  return result;
}

Markup markup_words(std::string_view text) {
  Markup words;
  while (true) {
    const std::size_t open = text.find('`');
    const std::size_t close = open == std::string_view::npos ? open : text.find('`', open + 1);
    if (close == std::string_view::npos) return words += text;
    words += text.substr(0, open);
    words += Markup::verbatim("<code>" + markup_text(text.substr(open + 1, close - open - 1)) + "</code>");
    text.remove_prefix(close + 1);
  }
}

}  // namespace flowship::report
