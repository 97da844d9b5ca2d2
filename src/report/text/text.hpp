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

/// `text` in a colour, if the style has colours.
std::string painted(std::string_view text, Colour colour, const Style& style);

/// The first eight digits of a commit id, `the index`, `the working tree`, or any other text made safe to show.
std::string short_target(std::string_view target);

/// A flow's files in short: the only file, or their common folder with a `/` at its end.
std::string place_of(const std::vector<std::string>& paths);

/// A line per warning.
std::string warning_lines(const std::vector<std::string>& warnings, const Style& style);

/// Findings as people read them: unless the user asks for more, what is lost beside factors is one of them.
std::vector<check::Finding> shown_findings(std::vector<check::Finding> findings,
                                           const std::vector<deploy::GuaranteeChange>& changes, const Style& style);

/// A sentence for each flow that gains factors, and one for all other keys that are gained unless the user asks for
/// more.
std::vector<std::string> gain_sentences(const std::vector<deploy::GuaranteeChange>& changes, const Style& style);

/// A line for each factor that need not be passed any more, with the path that shows it; then, in one line unless the
/// user asks for more, what else is lost; then what is gained.
std::string guarantee_lines(const std::vector<deploy::GuaranteeChange>& changes, const Style& style);

/// Only what is gained: losses are findings in a plan. Nothing in a quiet style.
std::string gained_lines(const std::vector<deploy::GuaranteeChange>& changes, const Style& style);

/// `hint: …`, or nothing for an empty hint.
std::string hint_line(std::string_view hint, const Style& style);

/// Whether and how the service was asked, where nothing is to be done.
enum class Asked { no, list, everything };
Asked asked_of(const deploy::Plan& plan);

/// `Nothing to do: production is up to date with 1a2b3c4d (4 flows unchanged).`, or, where the service was not asked,
/// what the ledger says. `chosen`: the flows that the command named; empty: all.
std::string up_to_date_text(const std::string& environment, const std::vector<std::string>& chosen,
                            const std::string& target, int unchanged, Asked asked);
/// The same for a plan; empty if all the flows that were named are left behind.
std::string up_to_date_text(const deploy::Plan& plan);

/// Removes from `chosen` what is left behind. False if nothing remains of what was named.
bool keep_present(std::vector<std::string>& chosen, const std::vector<std::string>& left_behind);

/// The ids of the flows that the plan leaves behind.
std::vector<std::string> left_behind_ids(const deploy::Plan& plan);

/// "`a`, `b`", or "the 12 named flows".
std::string chosen_text(const std::vector<std::string>& chosen);

/// Each drifted flow with what was edited, and what to do; a deployment needs `target`, options about its target.
std::string drift_lines(const std::vector<deploy::Drift>& drift, const std::string& environment,
                        const std::string& target, const Style& style);

/// `Left behind on the service, no longer in the repository: mfa, old`, or nothing. Where nothing was to be deleted
/// (`prune`), it names --prune.
std::string left_behind_line(const std::vector<std::string>& flow_ids, bool prune);

/// `Environment production (project P2abc): `
std::string environment_text(const std::string& environment, const std::string& project_id, const Style& style);

/// The sign in front of a flow: `+`, `~` or `-`.
std::string sign_of(deploy::Action action, const Style& style);

/// The width of a column of flow ids. The few that are longer stick out, without pushing the others aside.
template <typename Flows>
int id_width(const Flows& flows) {
  constexpr int kWidest = 40;
  int width = 0;
  for (const auto& flow : flows) width = std::max(width, display_width(printable(flow.flow_id)));
  return std::min(width, kWidest);
}

/// `text` made safe to show and padded with spaces to `width` cells.
std::string column(std::string_view text, int width);

/// Lines for findings, each with its source line if `text_of` has it.
std::string findings_text(const Validation& validation, const Style& style);

/// `2 errors, 1 warning in 14 flows`.
std::string findings_summary(const Validation& validation, const Style& style);

/// A changed flow on one line: sign, id padded to `width` cells, reason and place.
std::string change_line(const deploy::Change& change, int width, const Style& style);

/// What changed in a flow, one sentence per line; the first few unless the style is verbose.
std::string description_text(const flow::Description& description, const Style& style);

std::string validation_text(const Validation& validation, const Style& style);
std::string plan_text(const deploy::Plan& plan, const Style& style);
/// The steps of a plan and their counts, without what is found about them.
std::string steps_text(const deploy::Plan& plan, const Style& style);
std::string diff_text(const deploy::Diff& diff, const Style& style);
std::string deployment_text(const deploy::Deployment& deployment, const Style& style);
/// The outcome of one flow: a line, and further ones for its error and hint.
std::string result_text(const deploy::FlowResult& result, int id_width, const Style& style);
std::string status_text(const deploy::Status& status, const Style& style);
/// Each task with its transitions.
std::string graph_text(const flow::Graph& graph, const Style& style);
std::string history_text(const History& history, const Style& style);
std::string pull_text(const deploy::Pulled& pulled, const Style& style);
std::string initialization_text(const Initialization& initialization, const Style& style);
std::string file_merge_text(const FileMerge& merge, const Style& style);
std::string conversion_text(const Conversion& conversion, const Style& style);

}  // namespace flowship::report
