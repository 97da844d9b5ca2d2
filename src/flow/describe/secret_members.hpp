#pragma once

#include "flow/describe/secret_texts.hpp"
#include "json/document.hpp"
#include "json/pointer.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Which values of a flow are secret by their place: a member `clientSecret`, a header `X-Api-Key`. What is secret by
// its form is known to check/rules/secrets.hpp.

namespace flowship::flow {

/// What is shown in place of a secret.
inline constexpr std::string_view kMasked = "********";

/// The secret values of a JSON text, in its order: those of members whose name names a secret, wrapped as
/// `{"type": …, "value": …}` or not, and of lists such as `{"key": "X-Api-Key", "value": …}` and
/// `["X-Api-Key", …]`; of other strings the parts that `secrets_in_string` finds. Not empty strings, flags and values
/// that are one `{{template}}`. The text may be broken; one that has a `depth` need not be JSON at all. Takes linear
/// time.
std::vector<Literal> secret_literals(std::string_view text, int depth = 0);

/// The text with the strings among those values replaced by stars, one per character, so that columns stay the same.
std::string with_secret_members_starred(std::string_view text);
/// For a text that is not JSON, where nobody knows where a secret ends: the rest of each line behind a name or in place
/// of a value that is secret.
std::string with_secret_lines_starred(std::string_view text);
/// Like `with_secret_members_starred`, for any text.
std::string with_named_secrets_starred(std::string_view text);

/// Masks values before they are shown. Remembers the secret places of each document that it has seen.
class SecretMembers {
 public:
  /// The source of `value`, which is at `path` of a flow, with each secret in it replaced by `"********"`; nothing if
  /// it has none.
  std::optional<std::string> masked(json::Value value, const json::Pointer& path);

 private:
  /// By document.
  std::map<const json::Document*, std::vector<Literal>> literals_;
};

}  // namespace flowship::flow
