#pragma once

#include "base/text/pluralize.hpp"
#include "base/text/printable.hpp"
#include "report/report.hpp"
#include "report/text/characters.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace flowship::report {

enum class Colour { red, green, yellow, blue, bold, dim };

/// `text` in a colour where the style has colours.
std::string painted(std::string_view text, Colour colour, const Style& style);

/// A commit id's first eight digits, `the index`, `the working tree`; any other text made safe to show.
std::string short_target(std::string_view target);

/// A flow's files in a few words: the one file, or the folder that holds them all with a `/` at its end.
std::string place_of(const std::vector<std::string>& paths);

/// A warning as a line of its own.
std::string warning_line(std::string_view warning, const Style& style);

/// The word for `action` in front of a flow: `+`, `~` or `-`.
std::string sign_of(deploy::Action action, const Style& style);

/// The cells of a column of flow ids. A few long ones stick out, and don't push all others aside.
template <typename Flows>
int id_width(const Flows& flows) {
  constexpr int kWidest = 40;
  int width = 0;
  for (const auto& flow : flows) width = std::max(width, display_width(printable(flow.flow_id)));
  return std::min(width, kWidest);
}

/// `text`, made safe, filled up with spaces to `width` cells.
std::string column(std::string_view text, int width);

/// Lines for findings, each with the line of its source where `text_of` gives it.
std::string findings_text(const Validation& validation, const Style& style);

/// `2 errors, 1 warning in 14 flows`.
std::string findings_summary(const Validation& validation, const Style& style);

/// One changed flow as a line: sign, id, reason and place; the id takes `width` cells.
std::string change_line(const deploy::Change& change, int width, const Style& style);

/// What changed in a flow, a line a sentence; the first few unless the style is verbose.
std::string description_text(const flow::Description& description, const Style& style);

std::string validation_text(const Validation& validation, const Style& style);
std::string plan_text(const deploy::Plan& plan, const Style& style);
std::string diff_text(const deploy::Diff& diff, const Style& style);
std::string deployment_text(const deploy::Deployment& deployment, const Style& style);
/// What became of one flow: a line, and further ones for its error and hint.
std::string result_text(const deploy::FlowResult& result, int id_width, const Style& style);
std::string status_text(const deploy::Status& status, const Style& style);
/// Each task with the ways out of it.
std::string graph_text(const flow::Graph& graph, const Style& style);
std::string history_text(const History& history, const Style& style);
std::string pull_text(const deploy::Pulled& pulled, const Style& style);
std::string initialization_text(const Initialization& initialization, const Style& style);
std::string conversion_text(const Conversion& conversion, const Style& style);

}  // namespace flowship::report
