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

}  // namespace flowship::report
