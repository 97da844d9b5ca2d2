#pragma once

#include "check/findings/finding.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace flowship::check {

/// Removes the findings that an earlier run reported. `text` is the JSON document of that run, `name` what errors call
/// it. Rule, path, flow and message have to be equal; lines may have moved. Each finding of the document removes one:
/// a second one like it is new. Returns how many were removed. Throws an `Error` if the text is not such a document.
std::size_t remove_known(const std::string& text, const std::string& name, std::vector<Finding>& findings);

}  // namespace flowship::check
