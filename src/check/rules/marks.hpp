#pragma once

#include <cstddef>
#include <string_view>

namespace flowship::check {

/// What tokens are recognized by: a fixed text, as `PRIVATE KEY`. Searched for from its rarest byte on: most bytes of a
/// flow are small letters, spaces and colons.
class Mark {
 public:
  constexpr explicit Mark(std::string_view text) : text_(text), rarest_(rarest_in(text)) {}

  constexpr std::size_t size() const { return text_.size(); }

  /// Where it is in `text`, at `from` or later; npos if nowhere.
  std::size_t find_in(std::string_view text, std::size_t from = 0) const {
    const std::string_view head = text_.substr(0, rarest_);
    const std::string_view tail = text_.substr(rarest_);
    std::size_t at = text.find(tail, from + rarest_);
    while (at != std::string_view::npos && text.substr(at - rarest_, rarest_) != head) at = text.find(tail, at + 1);
    return at == std::string_view::npos ? at : at - rarest_;
  }

 private:
  static constexpr std::size_t rarest_in(std::string_view text) {
    for (const std::string_view rare : {"~=/", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "bjkqvwxyz"}) {
      if (const std::size_t at = text.find_first_of(rare); at != std::string_view::npos) return at;
    }
    return 0;
  }

  std::string_view text_;
  std::size_t rarest_;
};

}  // namespace flowship::check
