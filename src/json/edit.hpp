#pragma once

#include "json/document.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace flowship::json {

/// A JSON string literal of `text` (UTF-8), quotes included.
std::string quoted(std::string_view text);

/// Replaces a value by `text`, which is JSON.
struct Replacement {
  Value at;
  std::string text;
};

/// The source text of `value` with the replacements applied and all other bytes unchanged. The replaced values are
/// inside `value`, in any order, and do not overlap.
std::string with_replacements(Value value, std::vector<Replacement> replacements);

/// The same for a whole document, including the white space around its value.
std::string with_replacements(const Document& document, std::vector<Replacement> replacements);

/// The source text of `object` with one more member at its end; `text` is the member's value as JSON.
std::string with_member(Value object, std::string_view name, std::string_view text);

/// The source text of `object` without the member of that name.
std::string without_member(Value object, std::string_view name);

}  // namespace flowship::json
