#include "base/held_secrets.hpp"

#include <algorithm>
#include <cstdlib>
#include <mutex>
#include <ostream>
#include <shared_mutex>

namespace flowship {

namespace {

constexpr std::size_t kShortestHeld = 8;

struct Held {
  std::shared_mutex mutex;
  std::vector<Secret> secrets;
};

Held& held() {
  static Held held;
  return held;
}

}  // namespace

void hold(const Secret& secret) {
  if (secret.reveal().size() < kShortestHeld) return;
  const std::lock_guard lock(held().mutex);
  std::vector<Secret>& secrets = held().secrets;
  const bool is_known = std::any_of(secrets.begin(), secrets.end(),
                                    [&](const Secret& other) { return other.reveal() == secret.reveal(); });
  if (!is_known) secrets.push_back(secret);
}

void hold_variable(const char* name) {
  if (const char* value = std::getenv(name)) hold(Secret(value));
}

std::vector<HeldPlace> find_held(std::string_view text) {
  std::vector<HeldPlace> places;
  const std::shared_lock lock(held().mutex);
  for (const Secret& secret : held().secrets) {
    const std::string& literal = secret.reveal();
    for (std::size_t at = text.find(literal); at != std::string_view::npos; at = text.find(literal, at + 1)) {
      places.push_back({at, literal.size()});
    }
  }
  return places;
}

std::string without_held(std::string_view text) {
  std::string shown(text);
  for (const HeldPlace& place : find_held(text)) shown.replace(place.begin, place.length, place.length, '*');
  return shown;
}

MaskedStream::MaskedStream(std::ostream& stream) : stream_(stream), buffer_(stream.rdbuf()) { stream.rdbuf(this); }

MaskedStream::~MaskedStream() { stream_.rdbuf(buffer_); }

std::streamsize MaskedStream::xsputn(const char* text, std::streamsize size) {
  const std::string_view whole(text, static_cast<std::size_t>(size));
  if (find_held(whole).empty()) return buffer_->sputn(text, size);
  const std::string shown = without_held(whole);
  return buffer_->sputn(shown.data(), size);
}

MaskedStream::int_type MaskedStream::overflow(int_type letter) {
  if (traits_type::eq_int_type(letter, traits_type::eof())) return traits_type::not_eof(letter);
  return buffer_->sputc(traits_type::to_char_type(letter));
}

int MaskedStream::sync() { return buffer_->pubsync(); }

}  // namespace flowship
