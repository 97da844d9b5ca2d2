#pragma once

#include <string>
#include <vector>

namespace flowship {

/// `*`, `?`, `[a-z]`, and `\` before one of these to mean the character itself.
bool matches_glob(const std::string& glob, const std::string& text);

/// `wanted` with each glob (`sign-*`) replaced by what it matches of `known`. One that matches nothing stays.
std::vector<std::string> with_globs_resolved(const std::vector<std::string>& wanted,
                                             const std::vector<std::string>& known);

}  // namespace flowship
