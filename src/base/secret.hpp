#pragma once

#include <ostream>
#include <string>
#include <utility>

namespace flowship {

/// A text that must never be shown: it prints as `***`. Call `reveal()` only where it is sent.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}

  const std::string& reveal() const { return text_; }
  bool empty() const { return text_.empty(); }

 private:
  std::string text_;
};

inline std::ostream& operator<<(std::ostream& out, const Secret&) { return out << "***"; }

}  // namespace flowship
