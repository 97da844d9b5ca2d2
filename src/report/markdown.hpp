#pragma once

#include "report/report.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

// Markdown as GitHub and GitLab show it.

namespace flowship::report {

/// The most bytes that are written: a comment on GitHub takes 65,536 characters, a job's summary more.
inline constexpr std::size_t kCommentSize = 65'000;

/// Text that others wrote, as code: nothing in it is Markdown, HTML, a mention, a link or a column's end.
std::string markdown_code(std::string_view text);

/// Text of the program's own that may hold words that others wrote.
std::string markdown_words(std::string_view text);

/// A sentence about a change.
std::string markdown_sentence(const flow::Statement& statement);

/// A table with these headings. Cells are Markdown already. Beyond the most that a comment takes, rows are left out and
/// counted below.
std::string markdown_table(const std::vector<std::string_view>& headings,
                           const std::vector<std::vector<std::string>>& rows);

/// A collapsed section for each change: its description, and a diagram with what is new, changed and gone. Those that
/// don't fit into what `head` and `foot` leave of a comment are left out, which is told.
std::string markdown_with_sections(std::string head, const std::vector<deploy::Change>& changes,
                                   const std::string& foot);

/// The findings as a table; empty for none.
std::string markdown_findings(const std::vector<check::Finding>& findings);

/// Each warning as a line.
std::string markdown_warnings(const std::vector<std::string>& warnings);

std::string markdown_plan(const deploy::Plan& plan, const Style& style);
std::string markdown_diff(const deploy::Diff& diff, const Style& style);

}  // namespace flowship::report
