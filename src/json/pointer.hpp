#pragma once

#include "json/document.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace flowship::json {

/// The decoded tokens of a JSON Pointer (RFC 6901).
using Pointer = std::vector<std::string>;

/// Nothing if `text` is not a JSON Pointer.
std::optional<Pointer> parse_pointer(std::string_view text);

/// A name as a token of a pointer: `~` and `/` escaped.
std::string pointer_token(std::string_view name);

/// The text of a pointer: each token escaped, after a `/`.
std::string pointer_text(const Pointer& pointer);

/// The value at `pointer` below `value`; absent if there is none.
Value resolve(Value value, const Pointer& pointer);

}  // namespace flowship::json
