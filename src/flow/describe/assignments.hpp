#pragma once

#include "flow/describe/secret_texts.hpp"

#include <string_view>
#include <vector>

namespace flowship::flow {

/// The values of a text without escapes that are assigned to names of secrets by `=`, `:` or an XML element, in its
/// order. Takes linear time.
std::vector<Literal> assigned_secrets(std::string_view text, TextOf kind);

}  // namespace flowship::flow
