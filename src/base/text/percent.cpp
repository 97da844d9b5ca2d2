#include "base/text/percent.hpp"

#include <Poco/Ascii.h>

namespace flowship {

std::string percent_encoded(std::string_view text, std::string_view plain) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string result;
  for (const char letter : text) {
    const auto byte = static_cast<unsigned char>(letter);
    if (Poco::Ascii::isAlphaNumeric(byte) || plain.find(letter) != std::string_view::npos) {
      result += letter;
    } else {
      result += '%';
      result += kDigits[byte >> 4U];
      result += kDigits[byte & 0xFU];
    }
  }
  return result;
}

}  // namespace flowship
