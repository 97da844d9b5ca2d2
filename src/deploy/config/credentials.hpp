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

/// `P` followed by letters, digits, `-` and `_`. Nothing else may be in it, since part of it becomes part of the
/// service's host name.
bool is_project_id(std::string_view text);

/// The environment's project id, else `DESCOPE_PROJECT_ID`; empty if neither is set.
std::string project_id_of(const Environment& environment, const Variables& variables);
/// Throws if the variables give the environment a project that is another environment's: each would send its flows over
/// the other's.
void expect_own_project(const Config& config, const Environment& environment, const Variables& variables);

/// The key comes from `key_file` (empty: none), else from the variable that the environment names, else from
/// `DESCOPE_MANAGEMENT_KEY`. Throws an `Error` of `Fault::credentials`, which never shows the key, if one is missing or
/// malformed.
api::Credentials resolve_credentials(const Environment& environment, const Variables& variables,
                                     const std::string& key_file);

/// Throws an `Error` of `Fault::credentials` if other users can read the file or it has no valid key.
Secret read_management_key(const std::string& path);

// Keys are masked in all that is written from where they are read on; these read them before anything can fail.

/// The key in that file, if it is one.
void hold_key_of(const std::string& key_file);
/// The keys in the variables that the environments name.
void hold_keys_of(const Config& config, const Variables& variables);

}  // namespace flowship::deploy
