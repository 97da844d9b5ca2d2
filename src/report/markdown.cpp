#include "report/markdown.hpp"

#include "base/text/printable.hpp"
#include "check/rules/secrets.hpp"
#include "report/causes.hpp"
#include "report/html/markup.hpp"
#include "report/text/sentence.hpp"
#include "report/text/text.hpp"
#include "report/wording.hpp"
#include "report/writers.hpp"

namespace flowship::report {

namespace {

// GitHub's limits, with some room: 65,536 characters for a comment, 1 MiB for a step's part of a job summary.
constexpr std::size_t kCommentSize = 65'000;
constexpr std::size_t kSummarySize = 1'000'000;
/// Room for the text's end.
constexpr std::size_t kFoot = 500;

/// Markup in which every character that means something to Markdown is an entity.
std::string markdown_escaped(std::string_view text) {
  constexpr std::string_view kSpecial = "\\`*_{}[]()#.!|~@:$^";
  // These mean something only at the beginning of a line.
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

std::string validation_markdown(const Validation& validation, std::size_t most) {
  return "### flowship validate: " + findings_summary(validation, {}) + "\n\n" +
         markdown_findings(validation.findings, most - kFoot);
}

std::string deployment_markdown(const deploy::Deployment& deployment, std::size_t most) {
  std::string text = "### flowship deploy: " + std::string(deployment.ok() ? "✅ " : "❌ ") +
                     markdown_code(deployment.environment) + "\n\n" + markdown_words(short_target(deployment.target)) +
                     ": **" + std::to_string(number_done(deployment)) + " of " +
                     pluralize(deployment.flows.size(), "flow") + " deployed, " + std::to_string(deployment.unchanged) +
                     " unchanged**";
  text += deployment.record ? ", record " + markdown_code(deployment.record->abbreviated()) + ".\n\n"
                            : ", nothing recorded.\n\n";
  std::vector<std::string> warnings = deployment.warnings;
  if (!deployment.superseded.empty()) warnings.push_back("superseded: " + deployment.superseded);
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

std::string status_markdown(const deploy::Status& status, std::size_t most) {
  std::string text = "### flowship status: " + markdown_code(status.environment) + "\n\n";
  text += status.deployed ? "Deployed: " + markdown_words(short_target(status.deployed->target)) + ", " +
                                to_rfc3339(status.deployed->time) + ", record " +
                                markdown_code(status.deployed->record.abbreviated()) + ".\n\n"
                          : "Nothing has been deployed yet.\n\n";
  text += markdown_warnings(status.warnings, most / 4);
  std::vector<std::vector<std::string>> rows;
  for (const deploy::FlowStatus& flow : status.flows) {
    rows.push_back({markdown_code(flow.flow_id), std::string(to_text(flow.state))});
  }
  return text + markdown_table({"flow", "state"}, rows, most - text.size() - kFoot);
}

std::string refusal_markdown(const Refusal& refusal, std::size_t most) {
  const std::string head = "### flowship: ❌ error\n\n" + markdown_words(refusal.error.message()) + "\n";
  const std::string foot = refusal.error.hint().empty() ? "" : "\n" + markdown_words(refusal.error.hint()) + "\n";
  const std::string table = markdown_findings(refusal.findings, most - head.size() - foot.size() - kFoot);
  return head + (table.empty() ? "" : "\n" + table.substr(0, table.size() - 1)) + foot;
}

std::string error_markdown(const Error& error) { return refusal_markdown({error, {}}, kCommentSize); }

template <std::size_t most>
Format format_cut_to(std::string_view name, std::string_view summary) {
  return {
      .name = name,
      .summary = summary,
      .validation = [](const Validation& result, const Style&) { return validation_markdown(result, most); },
      .plan = [](const deploy::Plan& result, const Style& style) { return markdown_plan(result, style, most); },
      .diff = [](const deploy::Diff& result, const Style& style) { return markdown_diff(result, style, most); },
      .deployment = [](const deploy::Deployment& result, const Style&) { return deployment_markdown(result, most); },
      .status = [](const deploy::Status& result, const Style&) { return status_markdown(result, most); },
      .error = error_markdown,
      .refusal = [](const Refusal& result) { return refusal_markdown(result, most); },
      .note = note_text,
      .paths = paths_markdown,
      .explained = explained_markdown};
}

}  // namespace

std::string markdown_words(std::string_view text) {
  return markdown_escaped(printable(check::with_secrets_masked(text)));
}

std::string markdown_code(std::string_view text) { return "<code>" + markdown_words(text) + "</code>"; }

std::string markdown_sentence(const flow::Statement& statement) {
  constexpr int kWidth = 120;
  return sentence(statement, kWidth,
                  {.own = [](std::string_view words) { return std::string(words); },
                   .foreign = markdown_escaped,
                   .name = {"<code>", "</code>"},
                   .value = {"<code>", "</code>"},
                   .text = {"“<code>", "</code>”"}});
}

std::string fitting_lines(const std::vector<std::string>& lines, std::size_t room, std::string_view noun) {
  std::string text;
  std::size_t shown = 0;
  for (; shown < lines.size() && text.size() + lines[shown].size() <= room; ++shown) text += lines[shown];
  if (shown < lines.size()) text += "\nTruncated: " + pluralize(lines.size() - shown, noun) + " not shown.\n";
  return text;
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
  return text + fitting_lines(lines, room, "row") + "\n";
}

std::string markdown_findings(const std::vector<check::Finding>& findings, std::size_t room) {
  std::vector<std::vector<std::string>> rows;
  for (const Cause& cause : causes_of(findings)) {
    const check::Finding& finding = *cause.first;
    std::string what = markdown_words(finding.message);
    for (const std::string& places : places_of(cause)) what += "<br>" + markdown_words(places);
    if (!finding.hint.empty()) what += "<br>" + markdown_words(finding.hint);
    rows.push_back({std::string(check::to_text(finding.severity)), markdown_code(place_of(finding)), std::move(what),
                    markdown_code(finding.rule)});
  }
  return markdown_table({"severity", "where", "what", "rule"}, rows, room);
}

std::string markdown_warnings(const std::vector<std::string>& warnings, std::size_t room) {
  std::vector<std::string> lines;
  for (const std::string& warning : warnings) lines.push_back("> ⚠️ " + markdown_words(warning) + "\n\n");
  const std::string text = fitting_lines(lines, room, "warning");
  return text.empty() || text.ends_with("\n\n") ? text : text + "\n";
}

Format markdown_format() {
  return format_cut_to<kCommentSize>("markdown", "Markdown for a pull request comment, cut to GitHub's size limit");
}

Format summary_format() {
  return format_cut_to<kSummarySize>("summary", "the same for a job summary, which may be 16 times as long");
}

}  // namespace flowship::report
