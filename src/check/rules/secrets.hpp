#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace flowship::check {

/// A secret in a text, by its bytes.
struct Secret {
  /// The rule that it breaks: `management-key`, `private-key`, `jwt`, `provider-token` or `bearer-token`.
  std::string_view rule;
  /// What it is, for people: "a GitHub token".
  std::string_view what;
  std::size_t begin = 0;
  std::size_t length = 0;
};

/// The secrets in a text, in its order. The text may be JSON source: an escape such as `\n` before a secret is seen
/// through. One linear scan; nothing is decoded.
std::vector<Secret> find_secrets(std::string_view text);
std::optional<Secret> find_secret(std::string_view text);

/// The first 4 characters and the length of a secret: what may be shown of it.
std::string mask(std::string_view secret);

/// A line of JSON source as it may be shown: of every secret all but the first 4 characters are stars, and of a string
/// that hides one by escapes all.
std::string with_secrets_masked(std::string_view line);

}  // namespace flowship::check
