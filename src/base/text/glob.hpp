#pragma once

#include <string>
#include <vector>

namespace flowship {

/// `wanted` with each glob (`sign-*`) replaced by what it matches of `known`. One that matches nothing stays.
std::vector<std::string> with_globs_resolved(const std::vector<std::string>& wanted,
                                             const std::vector<std::string>& known);

}  // namespace flowship
