#include "base/text/word.hpp"

#include <Poco/Ascii.h>

#include <algorithm>

namespace flowship {

bool is_word(std::string_view text, std::string_view others) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char letter) {
    return Poco::Ascii::isAlphaNumeric(letter) || letter == '-' || letter == '_' ||
           others.find(letter) != std::string_view::npos;
  });
}

}  // namespace flowship
