#include "json/alignment.hpp"

#include <algorithm>
#include <cstdint>

namespace flowship::json {

namespace {

/// Beyond this many comparisons elements are paired by index.
constexpr std::size_t kMostCells = 4'000'000;

/// The lengths of the longest common subsequences of all pairs of tails.
class Lengths {
 public:
  Lengths(const std::vector<std::string>& before, const std::vector<std::string>& after, std::size_t first,
          std::size_t last_before, std::size_t last_after)
      : first_(first), width_(last_after - first + 1), cells_((last_before - first + 1) * width_) {
    for (std::size_t row = last_before; row-- > first;) {
      for (std::size_t column = last_after; column-- > first;) {
        at(row, column) = before[row] == after[column] ? at(row + 1, column + 1) + 1
                                                       : std::max(at(row + 1, column), at(row, column + 1));
      }
    }
  }

  std::uint32_t& at(std::size_t row, std::size_t column) { return cells_[(row - first_) * width_ + (column - first_)]; }

 private:
  std::size_t first_;
  std::size_t width_;
  std::vector<std::uint32_t> cells_;
};

}  // namespace

std::vector<Pair> aligned(const std::vector<std::string>& before, const std::vector<std::string>& after) {
  std::size_t first = 0;
  while (first < before.size() && first < after.size() && before[first] == after[first]) ++first;
  std::size_t tail = 0;
  while (tail < std::min(before.size(), after.size()) - first &&
         before[before.size() - 1 - tail] == after[after.size() - 1 - tail]) {
    ++tail;
  }
  const std::size_t last_before = before.size() - tail;
  const std::size_t last_after = after.size() - tail;

  std::vector<Pair> pairs;
  for (std::size_t index = 0; index < first; ++index) pairs.push_back({index, index});
  std::size_t row = first;
  std::size_t column = first;
  // Pairs the elements without an equal, up to the next equal pair.
  const auto match_one_by_one = [&](std::size_t next_row, std::size_t next_column) {
    while (row < next_row || column < next_column) {
      Pair pair;
      if (row < next_row) pair.before = row++;
      if (column < next_column) pair.after = column++;
      pairs.push_back(pair);
    }
  };
  if ((last_before - first) * (last_after - first) <= kMostCells) {
    Lengths lengths(before, after, first, last_before, last_after);
    std::size_t next_row = first;
    std::size_t next_column = first;
    while (next_row < last_before && next_column < last_after) {
      if (before[next_row] == after[next_column]) {
        match_one_by_one(next_row, next_column);
        pairs.push_back({row++, column++});
        ++next_row;
        ++next_column;
      } else if (lengths.at(next_row + 1, next_column) >= lengths.at(next_row, next_column + 1)) {
        ++next_row;
      } else {
        ++next_column;
      }
    }
  }
  match_one_by_one(last_before, last_after);
  for (std::size_t index = 0; index < tail; ++index) pairs.push_back({last_before + index, last_after + index});
  return pairs;
}

}  // namespace flowship::json
