#pragma once

#include "report/report.hpp"

namespace flowship::report {

// The rows of the table in formats.cpp, each defined in the file of its name.

Format text_format();
Format json_format();
Format github_format();
Format sarif_format();
Format junit_format();
Format gitlab_format();
Format html_format();
Format markdown_format();
/// Markdown with a higher size limit.
Format summary_format();
Format mermaid_format();
Format svg_format();
Format dot_format();

/// A flow's graph as one JSON document.
std::string graph_json(const flow::Graph& graph, const Style& style);

}  // namespace flowship::report
