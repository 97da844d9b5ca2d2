#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace flowship::json {

/// An element of the one list and what it became in the other; one side is missing where it was removed or added.
struct Pair {
  std::optional<std::size_t> before;
  std::optional<std::size_t> after;
};

/// Matches two lists so that as many elements as can be stand beside their equal, in order; between those, the others
/// are matched one by one.
std::vector<Pair> aligned(const std::vector<std::string>& before, const std::vector<std::string>& after);

}  // namespace flowship::json
