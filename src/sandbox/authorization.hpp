#pragma once

#include "base/secret.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace flowship::sandbox {

/// What `Authorization: Bearer P…:K…` says.
struct Authorization {
  std::string project_id;
  Secret key;
};

/// Whether this could be a project's id: `P`, then letters, digits, `-`, `_`, at most 128 in all.
bool is_project_id(std::string_view text);

/// Nothing when the header's value does not have the service's shape.
std::optional<Authorization> parse_authorization(std::string_view header);

/// The header's value with everything that could be a key as `***`: `Bearer P2abc:***`.
std::string masked(std::string_view header);

}  // namespace flowship::sandbox
