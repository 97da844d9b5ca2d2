#include "flow/compare/path_pattern.hpp"

#include <algorithm>

namespace flowship::flow {

bool matches(std::string_view pattern, const json::Pointer& path) {
  for (const std::string& token : path) {
    if (pattern == "/**") return true;
    if (pattern.empty()) return false;
    pattern.remove_prefix(1);
    const std::string_view wanted = pattern.substr(0, pattern.find('/'));
    if (wanted != "*" && wanted != token) return false;
    pattern.remove_prefix(wanted.size());
  }
  return pattern.empty();
}

std::size_t length_of(std::string_view pattern) {
  return static_cast<std::size_t>(std::count(pattern.begin(), pattern.end(), '/'));
}

}  // namespace flowship::flow
