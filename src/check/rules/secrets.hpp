#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace flowship::check {

/// A secret in a text, in bytes.
struct Secret {
  /// The rule that it breaks: `management-key`, `private-key`, `jwt`, `provider-token`,
  /// `bearer-token`, `basic-authorization` or `url-credentials`.
  std::string_view rule;
  /// For messages: "a GitHub token".
  std::string_view what;
  std::size_t begin = 0;
  std::size_t length = 0;
};

/// The secrets in a text, in its order. The text may be JSON source: an escape such as `\n` before a secret is skipped.
/// Takes linear time and decodes nothing.
std::vector<Secret> find_secrets(std::string_view text);
std::optional<Secret> find_secret(std::string_view text);

/// All that `with_secrets_masked` hides, in no order; secrets may overlap.
std::vector<Secret> find_hidden(std::string_view text);

/// What may be shown of a secret: its length.
std::string mask(std::string_view secret);

/// A line of JSON source with secrets masked: their characters become stars, and all characters of a string
/// that hides a secret behind escapes.
std::string with_secrets_masked(std::string_view line);

/// Free text, such as an error of the service's, a commit's subject or a line of a log, with the secrets in it masked:
/// those that their form shows, and those that a name before them does.
std::string with_message_masked(std::string_view message);

}  // namespace flowship::check
