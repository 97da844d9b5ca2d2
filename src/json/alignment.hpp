#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace flowship::json {

/// An element in both lists; one side is missing if it was removed or added.
struct Pair {
  std::optional<std::size_t> before;
  std::optional<std::size_t> after;
};

/// Pairs two lists by their longest common subsequence; between its elements, the others are paired one by one.
std::vector<Pair> aligned(const std::vector<std::string>& before, const std::vector<std::string>& after);

}  // namespace flowship::json
