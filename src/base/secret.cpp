#include "base/secret.hpp"

#include "base/error.hpp"
#include "base/text/word.hpp"

#include <Poco/Ascii.h>
#include <openssl/crypto.h>

#include <cerrno>
#include <cstring>
#include <sys/prctl.h>
#include <sys/resource.h>

namespace flowship {

namespace {

constexpr std::string_view kStartOfKey = "K2";
constexpr std::size_t kLeastOfKey = 28;

void wipe(std::string& text) {
  // Moved-from and shortened texts leave bytes behind their end.
  text.resize(text.capacity());
  OPENSSL_cleanse(text.data(), text.size());
  text.clear();
}

}  // namespace

bool has_form_of_key(std::string_view text) {
  return text.size() >= kLeastOfKey && text.starts_with(kStartOfKey) && is_word(text);
}

KeyForm find_form_of_key(std::string_view text, std::size_t from) {
  for (std::size_t begin = text.find(kStartOfKey, from); begin != std::string_view::npos;) {
    std::size_t end = begin + kStartOfKey.size();
    while (end < text.size() && Poco::Ascii::isAlphaNumeric(text[end])) ++end;
    if (end - begin >= kLeastOfKey) return {begin, end - begin};
    begin = text.find(kStartOfKey, end);
  }
  return {};
}

Secret::Secret(std::string text) : text_(text) { wipe(text); }

Secret::Secret(Secret&& other) noexcept : text_(std::move(other.text_)) { wipe(other.text_); }

Secret& Secret::operator=(const Secret& other) {
  if (this != &other) *this = Secret(other);
  return *this;
}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this == &other) return *this;
  wipe(text_);
  text_ = std::move(other.text_);
  wipe(other.text_);
  return *this;
}

Secret::~Secret() { wipe(text_); }

void protect_memory() {
  const rlimit none{0, 0};
  if (::prctl(PR_SET_DUMPABLE, 0) != 0 || ::setrlimit(RLIMIT_CORE, &none) != 0) {
    throw Error(std::string("cannot protect the memory of this process: ") + std::strerror(errno));
  }
}

}  // namespace flowship
