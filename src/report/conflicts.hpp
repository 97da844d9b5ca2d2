#pragma once

#include "flow/merge/merge.hpp"
#include "json/assembly.hpp"
#include "report/report.hpp"

#include <string>
#include <vector>

namespace flowship::report {

/// The conflicts of a merge, each with its pointer, in words, and with the three values; secrets masked.
std::string conflict_lines(const std::vector<flow::MergeConflict>& conflicts, const Style& style);
json::Text conflicts_json(const std::vector<flow::MergeConflict>& conflicts);

/// The tasks and screens that got another id.
std::string new_id_lines(const std::vector<flow::NewId>& ids, const Style& style);
json::Text new_ids_json(const std::vector<flow::NewId>& ids);

}  // namespace flowship::report
