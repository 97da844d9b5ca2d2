#pragma once

#include "report/report.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

// Markdown as GitHub and GitLab show it.

namespace flowship::report {

/// Text that others wrote, as code. Nothing in it acts as Markdown, HTML, a mention, a link or the end of a cell.
std::string markdown_code(std::string_view text);

/// A message of the program's own that may quote what others wrote.
std::string markdown_words(std::string_view text);

/// A sentence about a change.
std::string markdown_sentence(const flow::Statement& statement);

/// The lines that fit into `room` bytes, and how many were left out.
std::string fitting_lines(const std::vector<std::string>& lines, std::size_t room, std::string_view noun);

/// A table with these headings. Cells are Markdown already. Rows that don't fit into `room` bytes are counted below it.
std::string markdown_table(const std::vector<std::string_view>& headings,
                           const std::vector<std::vector<std::string>>& rows, std::size_t room);

/// The findings as a table; empty for none.
std::string markdown_findings(const std::vector<check::Finding>& findings, std::size_t room);

/// Each warning as a line; those that don't fit into `room` bytes are counted.
std::string markdown_warnings(const std::vector<std::string>& warnings, std::size_t room);

// A table, then a collapsed section per change with its description and a diagram of what was added, changed and
// removed. What doesn't fit into `most` bytes is left out, with a note.
std::string markdown_plan(const deploy::Plan& plan, const Style& style, std::size_t most);
std::string markdown_diff(const deploy::Diff& diff, const Style& style, std::size_t most);

}  // namespace flowship::report
