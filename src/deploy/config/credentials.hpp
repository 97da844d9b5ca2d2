#pragma once

#include "api/service.hpp"
#include "deploy/config/config.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace flowship::deploy {

/// The value of an environment variable; nothing when it is not set or empty.
using Variables = std::function<std::optional<std::string>(const std::string& name)>;

/// This process's own.
std::optional<std::string> process_variable(const std::string& name);

/// Whether a text can be a project's id: letters, digits, `-` and `_`, the first a `P`. Nothing else may be in it,
/// since a part of it becomes a part of the service's address.
bool is_project_id(std::string_view text);

/// The project of an environment: its own, else `DESCOPE_PROJECT_ID`; empty when neither says.
std::string project_id_of(const Environment& environment, const Variables& variables);

/// Project id and key: the key from the variable that the environment names, else `DESCOPE_MANAGEMENT_KEY`, else
/// `key_file` (empty: none), which others must not be able to read. Missing or misshaped ones are an `Error` of
/// `Fault::credentials`, which never shows the key.
api::Credentials resolve_credentials(const Environment& environment, const Variables& variables,
                                     const std::string& key_file);

/// The management key in a file that others can't read. Anything else is an `Error` of `Fault::credentials`.
Secret read_management_key(const std::string& path);

}  // namespace flowship::deploy
