#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace flowship {

/// Owns a file descriptor.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept;
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor();

  /// Negative where opening failed.
  int number() const { return number_; }
  /// Gives up ownership: the caller closes it.
  int release() { return std::exchange(number_, -1); }

  /// Appends the rest of the file, whose size `expected` guesses. Returns the errno, 0 for success, EFBIG once it has
  /// read more than `most`.
  int read_all(std::string& bytes, std::size_t expected, std::uintmax_t most = UINTMAX_MAX) const;
  /// Writes everything. Returns the errno, 0 for success.
  int write_all(std::string_view bytes) const;

 private:
  int number_;
};

}  // namespace flowship
