#pragma once

#include "json/document.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace flowship::json {

/// A JSON string literal of `text` (UTF-8), quotes included.
std::string quoted(std::string_view text);

/// Puts `text`, itself JSON, in the place of a value.
struct Replacement {
  Value at;
  std::string text;
};

/// The source text of `value` with the replacements spliced in and every other byte as it was. The replaced values lie
/// in `value`, in any order, and do not overlap.
std::string with_replacements(Value value, std::vector<Replacement> replacements);

/// The same for a whole document, with what stands around its value.
std::string with_replacements(const Document& document, std::vector<Replacement> replacements);

/// The source text of `object` with one more member at its end; `text` is the member's value as JSON.
std::string with_member(Value object, std::string_view name, std::string_view text);

/// The source text of `object` without the member of that name.
std::string without_member(Value object, std::string_view name);

}  // namespace flowship::json
