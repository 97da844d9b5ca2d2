#pragma once

#include "report/report.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

// Markdown as GitHub and GitLab show it.

namespace flowship::report {

/// Text that others wrote, as code: nothing in it is Markdown, HTML, a mention, a link or a column's end.
std::string markdown_code(std::string_view text);

/// Text of the program's own that may hold words that others wrote.
std::string markdown_words(std::string_view text);

/// A sentence about a change.
std::string markdown_sentence(const flow::Statement& statement);

/// A table with these headings. Cells are Markdown already. Rows that don't fit into `room` bytes are left out and
/// counted below.
std::string markdown_table(const std::vector<std::string_view>& headings,
                           const std::vector<std::vector<std::string>>& rows, std::size_t room);

/// The findings as a table; empty for none.
std::string markdown_findings(const std::vector<check::Finding>& findings, std::size_t room);

/// Each warning as a line; those that don't fit into `room` bytes are counted.
std::string markdown_warnings(const std::vector<std::string>& warnings, std::size_t room);

// A table, and a collapsed section for each change: its description, and a diagram with what is new, changed and gone.
// What doesn't fit into `most` bytes is left out, which is told.
std::string markdown_plan(const deploy::Plan& plan, std::size_t most);
std::string markdown_diff(const deploy::Diff& diff, std::size_t most);

}  // namespace flowship::report
