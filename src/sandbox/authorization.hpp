#pragma once

#include "base/secret.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace flowship::sandbox {

/// The content of `Authorization: Bearer P…:K…`.
struct Authorization {
  std::string project_id;
  Secret key;
};

/// True for a valid project id: `P`, then letters, digits, `-` and `_`, at most 128 characters.
bool is_project_id(std::string_view text);

/// True for a well-formed management key: `K`, then letters, digits, `-` and `_`, at most 1,024 characters.
bool is_key(std::string_view text);

/// Parses the header; nothing if it is malformed.
std::optional<Authorization> parse_authorization(std::string_view header);

/// The header with everything that could be a key replaced: `Bearer P2abc:***`.
std::string masked(std::string_view header);

}  // namespace flowship::sandbox
