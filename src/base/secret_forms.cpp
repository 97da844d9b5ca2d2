#include "base/secret_forms.hpp"

#include "base/base64.hpp"
#include "base/digest.hpp"

#include <algorithm>
#include <string_view>

namespace flowship {

namespace {

constexpr std::string_view kStars = "***";
/// Encodings of a shorter text occur by chance.
constexpr std::size_t kShortestEncoded = 8;

bool is_same_hex(std::string_view text, std::string_view lower_case) {
  return std::equal(text.begin(), text.end(), lower_case.begin(), lower_case.end(), [](char letter, char digit) {
    return letter == digit || (letter >= 'A' && letter <= 'F' && letter + ('a' - 'A') == digit);
  });
}

/// The length of the secret at `at`, each byte as it is or as %XX; 0 if it is not there.
std::size_t length_at(std::string_view text, std::size_t at, std::string_view secret, std::string_view digits) {
  std::size_t end = at;
  for (std::size_t index = 0; index < secret.size(); ++index) {
    if (end < text.size() && text[end] == secret[index]) {
      ++end;
    } else if (end + 3 <= text.size() && text[end] == '%' &&
               is_same_hex(text.substr(end + 1, 2), digits.substr(2 * index, 2))) {
      end += 3;
    } else {
      return 0;
    }
  }
  return end - at;
}

/// Replaces words of base64 in which `core` is.
void replace_base64(std::string& text, std::string_view core) {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_=";
  for (std::size_t at = text.find(core); at != std::string::npos; at = text.find(core, at)) {
    const std::size_t before = at == 0 ? std::string::npos : text.find_last_not_of(kLetters, at - 1);
    const std::size_t begin = before == std::string::npos ? 0 : before + 1;
    const std::size_t end = std::min(text.find_first_not_of(kLetters, at), text.size());
    text.replace(begin, end - begin, kStars);
    at = begin + kStars.size();
  }
}

/// The letters that the secret alone decides, in base64 with `before` bytes in front of it, modulo 3.
Secret base64_core(const Secret& secret, std::size_t before) {
  constexpr std::size_t kShared[] = {0, 2, 3};
  constexpr std::size_t kSharedAtEnd[] = {0, 3, 2};
  std::string padded(before, '\0');
  padded += secret.reveal();
  const std::size_t rest = padded.size() % 3;
  const Secret encoded(to_base64(Secret(std::move(padded)).reveal()));
  const std::string& letters = encoded.reveal();
  return Secret(letters.substr(kShared[before], letters.size() - kShared[before] - kSharedAtEnd[rest]));
}

}  // namespace

std::string without_secret(std::string text, const Secret& secret) {
  if (secret.empty()) return text;
  const bool has_encodings = secret.reveal().size() >= kShortestEncoded;
  for (std::size_t before = 0; has_encodings && before < 3; ++before) {
    replace_base64(text, base64_core(secret, before).reveal());
  }
  const Secret digits(hex(secret.reveal()));
  std::string shown;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t length = length_at(text, at, secret.reveal(), digits.reveal());
    const std::string_view here = std::string_view(text).substr(at, digits.reveal().size());
    if (length == 0 && has_encodings && is_same_hex(here, digits.reveal())) length = here.size();
    shown += length == 0 ? std::string_view(text).substr(at, 1) : kStars;
    at += std::max<std::size_t>(length, 1);
  }
  return shown;
}

}  // namespace flowship
