#pragma once

#include <cstdint>
#include <string_view>

namespace flowship {

/// How large a file may be that is read as a whole.
struct SizeLimit {
  std::uintmax_t bytes;
  /// For messages: "1 MiB".
  std::string_view text;
  /// What to do about a larger one.
  std::string_view hint;

  /// Throws an `Error` of `Fault::invalid` that names the file and the limit if `size` bytes are too many.
  void expect(std::string_view path, std::uintmax_t size) const;
};

inline constexpr std::uintmax_t kMebibyte = std::uintmax_t{1} << 20U;

/// Of flowship.json, flowshipd.json and a server's policy.
inline constexpr SizeLimit kConfigLimit{1 * kMebibyte, "1 MiB", "remove what does not belong there"};
/// Of a file with a key, a token or a webhook secret.
inline constexpr SizeLimit kSecretLimit{std::uintmax_t{64} << 10U, "64 KiB", "name the file with the secret alone"};
/// Of any other file, such as a saved plan or a baseline.
inline constexpr SizeLimit kFileLimit{64 * kMebibyte, "64 MiB", "check that it is the right file"};
/// Of a flow's file.
inline constexpr SizeLimit kFlowFileLimit{
    32 * kMebibyte, "32 MiB", "if it does not belong to a flow, leave it out with `sources` in flowship.json"};

}  // namespace flowship
