#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace flowship {

/// The names in `known` that a mistyped `name` most likely meant, nearest first, at most `most`; empty if none is
/// close.
std::vector<std::string> nearest_names(std::string_view name, const std::vector<std::string>& known,
                                       std::size_t most = 3);

/// "did you mean `a`, `b`?" of `nearest_names`, or an empty string.
std::string did_you_mean(std::string_view name, const std::vector<std::string>& known);

}  // namespace flowship
