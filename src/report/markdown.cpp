#include "report/markdown.hpp"

#include "base/text/printable.hpp"
#include "check/rules/secrets.hpp"
#include "report/html/markup.hpp"
#include "report/text/sentence.hpp"
#include "report/text/text.hpp"
#include "report/writers.hpp"

#include <algorithm>

namespace flowship::report {

namespace {

// The most bytes that GitHub takes: 65,536 characters of a comment, and 1 MiB of what one step says in a job's summary.
constexpr std::size_t kCommentSize = 65'000;
constexpr std::size_t kSummarySize = 1'000'000;
/// Room for what a text says at its end.
constexpr std::size_t kFoot = 500;
/// Of a text in a sentence.
constexpr int kCells = 120;

/// Markup, with everything that Markdown could take for its own as an entity.
std::string defused(std::string_view text) {
  constexpr std::string_view kSpecial = "\\`*_{}[]()#.!|~@:$^";
  // These mean something at the beginning of a line alone.
  constexpr std::string_view kBullets = "+-=";
  const auto entity = [](char character) { return "&#" + std::to_string(static_cast<unsigned char>(character)) + ";"; };
  std::string result;
  if (!text.empty() && kBullets.find(text.front()) != std::string_view::npos) {
    result = entity(text.front());
    text.remove_prefix(1);
  }
  for (std::size_t at = text.find_first_of(kSpecial); at != std::string_view::npos; at = text.find_first_of(kSpecial)) {
    result += markup_text(text.substr(0, at)) + entity(text[at]);
    text.remove_prefix(at + 1);
  }
  return result + markup_text(text);
}

std::string validation(const Validation& validation, std::size_t most) {
  return "### flowship validate: " + findings_summary(validation, {}) + "\n\n" +
         markdown_findings(validation.findings, most - kFoot);
}

std::string deployment(const deploy::Deployment& deployment, std::size_t most) {
  const auto deployed =
      std::count_if(deployment.flows.begin(), deployment.flows.end(),
                    [](const deploy::FlowResult& result) { return result.outcome == deploy::FlowOutcome::deployed; });
  std::string text = "### flowship deploy: " + std::string(deployment.ok() ? "✅ " : "❌ ") +
                     markdown_code(deployment.environment) + "\n\n" + markdown_words(short_target(deployment.target)) +
                     ": **" + std::to_string(deployed) + " of " + pluralize(deployment.flows.size(), "flow") +
                     " deployed, " + std::to_string(deployment.unchanged) + " unchanged**";
  text += deployment.record ? ", record " + markdown_code(deployment.record->abbreviated()) + ".\n\n"
                            : ", nothing recorded.\n\n";
  std::vector<std::string> warnings = deployment.warnings;
  if (deployment.unrecorded) warnings.push_back(deployment.unrecorded->message());
  text += markdown_warnings(warnings, most / 4);
  std::vector<std::vector<std::string>> rows;
  for (const deploy::FlowResult& result : deployment.flows) {
    const std::string why = result.error.empty() ? "" : markdown_words(result.error);
    const std::string hint = result.hint.empty() ? "" : " " + markdown_words(result.hint);
    rows.push_back({markdown_code(result.flow_id), std::string(to_text(result.action)),
                    std::string(to_text(result.outcome)), std::to_string(result.attempts), why + hint});
  }
  return text + markdown_table({"flow", "action", "outcome", "attempts", "why"}, rows, most - text.size() - kFoot);
}

std::string status(const deploy::Status& status, std::size_t most) {
  std::string text = "### flowship status: " + markdown_code(status.environment) + "\n\n";
  text += status.deployed ? "Deployed: " + markdown_words(short_target(status.deployed->target)) + ", " +
                                to_rfc3339(status.deployed->time) + ", record " +
                                markdown_code(status.deployed->record.abbreviated()) + ".\n\n"
                          : "Nothing was deployed yet.\n\n";
  text += markdown_warnings(status.warnings, most / 4);
  std::vector<std::vector<std::string>> rows;
  for (const deploy::FlowStatus& flow : status.flows) {
    rows.push_back({markdown_code(flow.flow_id), std::string(to_text(flow.state))});
  }
  return text + markdown_table({"flow", "state"}, rows, most - text.size() - kFoot);
}

std::string error(const Error& error) {
  std::string text = "### flowship: ❌ error\n\n" + markdown_words(error.message()) + "\n";
  if (!error.hint().empty()) text += "\n" + markdown_words(error.hint()) + "\n";
  return text;
}

/// Appends lines as long as they fit into so many bytes; says how many did.
std::size_t append_fitting(std::string& text, const std::vector<std::string>& lines, std::size_t room) {
  const std::size_t end = text.size() + room;
  std::size_t told = 0;
  for (; told < lines.size() && text.size() + lines[told].size() <= end; ++told) text += lines[told];
  return told;
}

template <std::size_t most>
Format format_cut_to(std::string_view name, std::string_view summary) {
  return {.name = name,
          .summary = summary,
          .validation = [](const Validation& result, const Style&) { return validation(result, most); },
          .plan = [](const deploy::Plan& result, const Style&) { return markdown_plan(result, most); },
          .diff = [](const deploy::Diff& result, const Style&) { return markdown_diff(result, most); },
          .deployment = [](const deploy::Deployment& result, const Style&) { return deployment(result, most); },
          .status = [](const deploy::Status& result, const Style&) { return status(result, most); },
          .error = error};
}

}  // namespace

std::string markdown_words(std::string_view text) { return defused(printable(check::with_secrets_masked(text))); }

std::string markdown_code(std::string_view text) { return "<code>" + markdown_words(text) + "</code>"; }

std::string markdown_sentence(const flow::Statement& statement) {
  return sentence(statement, kCells,
                  {.own = [](std::string_view words) { return std::string(words); },
                   .foreign = defused,
                   .name = {"<code>", "</code>"},
                   .value = {"<code>", "</code>"},
                   .text = {"“<code>", "</code>”"}});
}

std::string markdown_table(const std::vector<std::string_view>& headings,
                           const std::vector<std::vector<std::string>>& rows, std::size_t room) {
  if (rows.empty()) return {};
  std::string text = "|";
  for (const std::string_view heading : headings) text.append(" ").append(heading).append(" |");
  text += "\n|";
  for (std::size_t column = 0; column < headings.size(); ++column) text += " --- |";
  text += "\n";
  std::vector<std::string> lines;
  for (const std::vector<std::string>& row : rows) {
    std::string& line = lines.emplace_back("|");
    for (const std::string& cell : row) line += " " + cell + " |";
    line += "\n";
  }
  const std::size_t told = append_fitting(text, lines, room);
  if (told < rows.size()) text += "\nCut here: " + std::to_string(rows.size() - told) + " more rows are not shown.\n";
  return text + "\n";
}

std::string markdown_findings(const std::vector<check::Finding>& findings, std::size_t room) {
  std::vector<std::vector<std::string>> rows;
  for (const check::Finding& finding : findings) {
    const std::string place = finding.path + ":" + std::to_string(finding.line) + ":" + std::to_string(finding.column);
    const std::string hint = finding.hint.empty() ? "" : "<br>" + markdown_words(finding.hint);
    rows.push_back({std::string(check::to_text(finding.severity)), markdown_code(place),
                    markdown_words(finding.message) + hint, markdown_code(finding.rule)});
  }
  return markdown_table({"severity", "where", "what", "rule"}, rows, room);
}

std::string markdown_warnings(const std::vector<std::string>& warnings, std::size_t room) {
  std::vector<std::string> lines;
  for (const std::string& warning : warnings) lines.push_back("> ⚠️ " + markdown_words(warning) + "\n\n");
  std::string text;
  const std::size_t told = append_fitting(text, lines, room);
  if (told < lines.size())
    text += "Cut here: " + std::to_string(lines.size() - told) + " more warnings are not shown.\n\n";
  return text;
}

Format markdown_format() {
  return format_cut_to<kCommentSize>("markdown", "Markdown for a pull request's comment, cut to what GitHub takes");
}

Format summary_format() {
  return format_cut_to<kSummarySize>("summary", "the same for a job's summary, which may be 16 times as long");
}

}  // namespace flowship::report
