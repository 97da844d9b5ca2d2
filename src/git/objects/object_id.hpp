#pragma once

#include <array>
#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace flowship::git {

/// The SHA-1 name of a commit, tree or blob. All zeros means "none".
class ObjectId {
 public:
  ObjectId() = default;
  explicit ObjectId(const std::array<unsigned char, 20>& bytes) : bytes_(bytes) {}
  /// Nothing unless `hex` is 40 hexadecimal digits.
  static std::optional<ObjectId> from_hex(std::string_view hex);

  std::string hex() const;
  /// The first eight digits, for people.
  std::string abbreviated() const { return hex().substr(0, 8); }
  bool is_zero() const { return *this == ObjectId(); }
  const std::array<unsigned char, 20>& bytes() const { return bytes_; }
  auto operator<=>(const ObjectId&) const = default;

 private:
  std::array<unsigned char, 20> bytes_{};
};

/// The tree without entries.
inline constexpr std::string_view kEmptyTree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

}  // namespace flowship::git
