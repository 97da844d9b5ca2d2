#pragma once

#include "base/clock.hpp"

#include <optional>
#include <string_view>

namespace flowship::api {

/// Parses a date in one of HTTP's three forms (RFC 9110, section 5.6.7); nothing for any other text. The two-digit year
/// of the oldest form is at most fifty years after `now`.
std::optional<Time> parse_http_date(std::string_view text, Time now);

}  // namespace flowship::api
