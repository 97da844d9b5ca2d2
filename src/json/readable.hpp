#pragma once

#include "json/document.hpp"

#include <string>

namespace flowship::json {

/// `value` for line-by-line comparison: one member or element a line, members sorted by name, indented by two spaces a
/// level, with a final newline. Numbers and strings keep their source text.
std::string readable(Value value);

}  // namespace flowship::json
