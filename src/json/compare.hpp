#pragma once

#include "json/document.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace flowship::json {

/// Whether a member that is `""`, `false`, `0`, `null`, `[]` or `{}` (or an object with only such members) counts as a
/// member like any other or as absent.
enum class Empties { distinct, absent };

/// Whether two texts are exactly the same number, of any size: `1`, `1.0`, `10e-1`.
bool same_number(std::string_view a, std::string_view b);

/// Whether a value is empty in the sense of `Empties`. An absent value is.
bool is_empty(Value value);

/// Compares by value: member order, white space, escapes and the notation of numbers do not matter; types do.
bool equal(Value a, Value b, Empties empties = Empties::distinct);

/// The same text for all equal values: members sorted by name, numbers in normal form, no white space.
std::string canonical(Value value, Empties empties = Empties::distinct);

/// A place where two values differ; `before` or `after` is absent if only the other has it.
struct Difference {
  std::string pointer;
  Value before;
  Value after;
};

/// Every place where `after` differs from `before`, as deep as possible, in the order of `before`, then of `after`.
/// Each pointer is prefixed with `pointer`. Arrays are compared index by index.
std::vector<Difference> differences(Value before, Value after, Empties empties = Empties::distinct,
                                    const std::string& pointer = {});

}  // namespace flowship::json
