#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace flowship {

/// An open file, closed at the end.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept;
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor();

  /// Negative where opening failed.
  int number() const { return number_; }
  /// The number, which somebody else closes from now on.
  int release() { return std::exchange(number_, -1); }

  /// Appends all that is left to read; `expected` is how much that may be. The error's number, 0 for none.
  int read_all(std::string& bytes, std::size_t expected) const;
  /// Writes everything. The error's number, 0 for none.
  int write_all(std::string_view bytes) const;

 private:
  int number_;
};

}  // namespace flowship
