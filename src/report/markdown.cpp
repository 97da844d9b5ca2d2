#include "report/markdown.hpp"

#include "base/printable.hpp"
#include "check/secrets.hpp"
#include "report/markup.hpp"
#include "report/sentence.hpp"
#include "report/text.hpp"
#include "report/writers.hpp"

#include <algorithm>

namespace flowship::report {

namespace {

constexpr std::size_t kMostRows = 200;
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

std::string validation(const Validation& validation, const Style&) {
  return "### flowship validate: " + findings_summary(validation, {}) + "\n\n" + markdown_findings(validation.findings);
}

std::string deployment(const deploy::Deployment& deployment, const Style&) {
  const auto deployed =
      std::count_if(deployment.flows.begin(), deployment.flows.end(),
                    [](const deploy::FlowResult& result) { return result.outcome == deploy::FlowOutcome::deployed; });
  std::string text = "### flowship deploy: " + std::string(deployment.ok() ? "✅ " : "❌ ") +
                     markdown_code(deployment.environment) + "\n\n" + markdown_words(short_target(deployment.target)) +
                     ": **" + std::to_string(deployed) + " of " +
                     counted(static_cast<int>(deployment.flows.size()), "flow") + " deployed, " +
                     std::to_string(deployment.unchanged) + " unchanged**";
  text += deployment.record ? ", record " + markdown_code(deployment.record->abbreviated()) + ".\n\n"
                            : ", nothing recorded.\n\n";
  text += markdown_warnings(deployment.warnings);
  if (deployment.unrecorded) text += markdown_warnings({deployment.unrecorded->message()});
  std::vector<std::vector<std::string>> rows;
  for (const deploy::FlowResult& result : deployment.flows) {
    const std::string why = result.error.empty() ? "" : markdown_words(result.error);
    const std::string hint = result.hint.empty() ? "" : " " + markdown_words(result.hint);
    rows.push_back({markdown_code(result.flow_id), std::string(to_text(result.action)),
                    std::string(to_text(result.outcome)), std::to_string(result.attempts), why + hint});
  }
  return text + markdown_table({"flow", "action", "outcome", "attempts", "why"}, rows);
}

std::string status(const deploy::Status& status, const Style&) {
  std::string text = "### flowship status: " + markdown_code(status.environment) + "\n\n";
  text += status.deployed ? "Deployed: " + markdown_words(short_target(status.deployed->target)) + ", " +
                                to_rfc3339(status.deployed->time) + ", record " +
                                markdown_code(status.deployed->record.abbreviated()) + ".\n\n"
                          : "Nothing was deployed yet.\n\n";
  text += markdown_warnings(status.warnings);
  std::vector<std::vector<std::string>> rows;
  for (const deploy::FlowStatus& flow : status.flows) {
    rows.push_back({markdown_code(flow.flow_id), std::string(to_text(flow.state))});
  }
  return text + markdown_table({"flow", "state"}, rows);
}

std::string error(const Error& error) {
  std::string text = "### flowship: ❌ error\n\n" + markdown_words(error.message()) + "\n";
  if (!error.hint().empty()) text += "\n" + markdown_words(error.hint()) + "\n";
  return text;
}

}  // namespace

std::string markdown_words(std::string_view text) { return defused(printable(check::with_secrets_masked(text))); }

std::string markdown_code(std::string_view text) { return "<code>" + markdown_words(text) + "</code>"; }

std::string markdown_sentence(const flow::Statement& statement) {
  std::string text;
  for (const flow::Part& part : shown_parts(statement.parts, kCells)) {
    const std::string escaped = defused(part.text);
    switch (part.role) {
      case flow::Part::Role::words:
        text += part.text;
        break;
      case flow::Part::Role::id:
        text += escaped;
        break;
      case flow::Part::Role::name:
      case flow::Part::Role::value:
        text += "<code>" + escaped + "</code>";
        break;
      case flow::Part::Role::text:
        text += "“<code>" + escaped + "</code>”";
        break;
    }
  }
  return text;
}

std::string markdown_table(const std::vector<std::string_view>& headings,
                           const std::vector<std::vector<std::string>>& rows) {
  if (rows.empty()) return {};
  std::string text = "|";
  for (const std::string_view heading : headings) text.append(" ").append(heading).append(" |");
  text += "\n|";
  for (std::size_t column = 0; column < headings.size(); ++column) text += " --- |";
  text += "\n";
  std::size_t told = 0;
  for (const std::vector<std::string>& row : rows) {
    std::string line = "|";
    for (const std::string& cell : row) line += " " + cell + " |";
    if (told == kMostRows || text.size() + line.size() > kCommentSize / 2) break;
    text += line + "\n";
    ++told;
  }
  if (told < rows.size()) text += "\nCut here: " + std::to_string(rows.size() - told) + " more rows are not shown.\n";
  return text + "\n";
}

std::string markdown_findings(const std::vector<check::Finding>& findings) {
  std::vector<std::vector<std::string>> rows;
  for (const check::Finding& finding : findings) {
    const std::string place = finding.path + ":" + std::to_string(finding.line) + ":" + std::to_string(finding.column);
    const std::string hint = finding.hint.empty() ? "" : "<br>" + markdown_words(finding.hint);
    rows.push_back({std::string(check::to_text(finding.severity)), markdown_code(place),
                    markdown_words(finding.message) + hint, markdown_code(finding.rule)});
  }
  return markdown_table({"severity", "where", "what", "rule"}, rows);
}

std::string markdown_warnings(const std::vector<std::string>& warnings) {
  std::string text;
  for (const std::string& warning : warnings) text += "> ⚠️ " + markdown_words(warning) + "\n\n";
  return text;
}

Format markdown_format() {
  return {.name = "markdown",
          .summary = "Markdown for a pull request's comment or a job's summary, cut to what GitHub takes",
          .validation = validation,
          .plan = markdown_plan,
          .diff = markdown_diff,
          .deployment = deployment,
          .status = status,
          .error = error};
}

}  // namespace flowship::report
