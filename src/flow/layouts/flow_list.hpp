#pragma once

#include "flow/layouts/files.hpp"
#include "flow/layouts/reading.hpp"

#include <set>
#include <string>
#include <vector>

namespace flowship::flow {

/// Compares `flows.json` (the file `index`) with the flow folders beside it.
void check_flow_list(Files& files, std::size_t index, const std::set<std::string>& folders,
                     std::vector<Problem>& problems);

}  // namespace flowship::flow
