#pragma once

#include "json/assembly.hpp"
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

/// A step of a path, as JSON.
json::Text path_step_text(const flow::PathStep& step);

std::string paths_json(const PathList& list, const Style& style);
std::string paths_text(const PathList& list, const Style& style);
/// With a check box for each path.
std::string paths_markdown(const PathList& list, const Style& style);

std::string explained_json(const Explained& explained, const Style& style);
std::string explained_text(const Explained& explained, const Style& style);
/// The page of rules in the documentation.
std::string explained_markdown(const Explained& explained, const Style& style);

/// A flow's graph as one JSON document.
std::string graph_json(const flow::Graph& graph, const Style& style);

}  // namespace flowship::report
