#pragma once

#include "check/rules/secrets.hpp"

#include <string_view>
#include <vector>

namespace flowship::check {

/// The passwords in URLs such as `https://user:PASSWORD@host/`, except templates. Takes linear time.
std::vector<Secret> find_url_passwords(std::string_view text);

/// The values of query parameters whose name names a secret, such as `?api_key=…`, except templates. They break no
/// rule, but are not shown. Takes linear time.
std::vector<Secret> find_query_secrets(std::string_view text);

}  // namespace flowship::check
