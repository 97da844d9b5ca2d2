#include "daemon/status/json_text.hpp"

#include "base/text/printable.hpp"

namespace flowship::daemon {

std::string json_text(std::string_view text) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string quoted = "\"";
  for (const char character : valid_utf8(text)) {
    const auto byte = static_cast<unsigned char>(character);
    if (character == '"' || character == '\\') {
      quoted += '\\';
      quoted += character;
    } else if (byte < 0x20U || byte == 0x7fU) {
      quoted += "\\u00";
      quoted += kDigits[byte >> 4U];
      quoted += kDigits[byte & 15U];
    } else {
      quoted += character;
    }
  }
  return quoted + '"';
}

}  // namespace flowship::daemon
