#pragma once

#include "json/document.hpp"

#include <string>

namespace flowship::json {

/// `value` as a text that people compare line by line: one member or element a line, members sorted by name, two spaces
/// for each level. Numbers and strings keep their source text. Ends with a newline.
std::string readable(Value value);

}  // namespace flowship::json
