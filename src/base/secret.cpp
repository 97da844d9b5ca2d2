#include "base/secret.hpp"

#include "base/error.hpp"
#include "base/text/word.hpp"

#include <openssl/crypto.h>

#include <cerrno>
#include <cstring>
#include <sys/prctl.h>
#include <sys/resource.h>

namespace flowship {

namespace {

void wipe(std::string& text) {
  // Moved-from and shortened texts leave bytes behind their end.
  text.resize(text.capacity());
  OPENSSL_cleanse(text.data(), text.size());
  text.clear();
}

}  // namespace

bool has_form_of_key(std::string_view text) {
  constexpr std::size_t kLeast = 28;
  return text.size() >= kLeast && text.starts_with("K2") && is_word(text);
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
