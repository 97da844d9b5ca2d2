#pragma once

#include "json/pointer.hpp"

#include <cstddef>
#include <string_view>

namespace flowship::flow {

/// Whether a path matches a pattern such as `/contents/tasks/*/name`: `*` is any one token, `**` at the end one or
/// more.
bool matches(std::string_view pattern, const json::Pointer& path);

/// How many tokens a pattern has.
std::size_t length_of(std::string_view pattern);

}  // namespace flowship::flow
