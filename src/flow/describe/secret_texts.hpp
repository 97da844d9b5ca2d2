#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

// Secrets by name in texts: bodies of requests, code, commit messages.

namespace flowship::flow {

/// A string or number of a JSON text, quotes included, or a part of a string; in bytes.
struct Literal {
  std::size_t begin = 0;
  std::size_t length = 0;
  bool is_part = false;
};

/// What a text is of: in a flow's code `token: token2` names a variable, in a message it may be a password.
enum class TextOf { flow, message };

/// The values in a text, in its order, that a name before them makes secret: `password = "…"`, `client_secret=…`,
/// `"X-Api-Key: …"`, lines `password: …`, `<password>…</password>` and JSON, each also behind escapes of JSON and
/// URLs (`depth` counts those that were decoded). Prose, names of variables and placeholders are none. Takes linear
/// time.
std::vector<Literal> secrets_in_text(std::string_view text, int depth = 0, TextOf kind = TextOf::flow);

/// The same of a text that a string holds, without quotes, as JSON source has it.
std::vector<Literal> secrets_in_string(std::string_view source, int depth = 0);

}  // namespace flowship::flow
