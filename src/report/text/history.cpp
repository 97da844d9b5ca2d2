#include "base/text/pluralize.hpp"
#include "base/text/printable.hpp"
#include "check/rules/secrets.hpp"
#include "report/text/text.hpp"

#include <chrono>
#include <cstdint>
#include <map>

namespace flowship::report {

namespace {

std::string outcomes_text(const deploy::PastDeployment& deployment, const Style& style) {
  if (deployment.unfinished) return painted("unfinished", Colour::yellow, style);
  std::map<deploy::FlowOutcome, int> numbers;
  for (const deploy::FlowResult& result : deployment.flows) ++numbers[result.outcome];
  std::string text;
  for (const auto& [outcome, number] : numbers) {
    const std::string part = std::to_string(number) + " " + std::string(to_text(outcome));
    const Colour colour = is_done(outcome) ? Colour::green : Colour::red;
    text += (text.empty() ? "" : ", ") + painted(part, colour, style);
  }
  return text.empty() ? "no flows sent" : text;
}

/// "3 days ago".
std::string age(Time time, Time now) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now - time).count();
  constexpr struct {
    const char* name;
    std::int64_t seconds;
  } kUnits[] = {{"year", 31'536'000}, {"month", 2'592'000}, {"week", 604'800},
                {"day", 86'400},      {"hour", 3'600},      {"minute", 60}};
  for (const auto& unit : kUnits) {
    if (seconds >= unit.seconds) return pluralize(seconds / unit.seconds, unit.name) + " ago";
  }
  return "just now";
}

/// Name without address.
std::string name_of(const std::string& author) {
  return printable(check::with_message_masked(author.substr(0, author.find(" <"))));
}

/// What a rollback or a promotion deployed again.
std::string origin_line(const deploy::PastDeployment& deployment) {
  if (!deployment.origin) return {};
  return "    from record " + short_target(deployment.origin->record) + " of " +
         printable(deployment.origin->environment) + "\n";
}

/// What was deployed, and by whom if that was not its author.
std::string target_line(const deploy::PastDeployment& deployment) {
  if (deployment.subject.empty()) return {};
  std::string text = "    " + printable(check::with_message_masked(deployment.subject));
  if (!deployment.author.empty()) text += ", by " + name_of(deployment.author);
  if (!deployment.deployed_by.empty() && deployment.deployed_by != deployment.author) {
    text += "; deployed by " + name_of(deployment.deployed_by);
  }
  return text + "\n";
}

std::string history_entry(const deploy::PastDeployment& deployment, Time now, const Style& style) {
  std::string when = age(deployment.time, now);
  if (style.verbose) when = to_rfc3339(deployment.time) + " (" + when + ")";
  std::string text = painted(deployment.record.abbreviated(), Colour::yellow, style) + "  " + column(when, 14) + "  " +
                     column(std::string(deployment.kind), 8) + "  " + column(short_target(deployment.target), 8) +
                     "  " + outcomes_text(deployment, style) + "\n" + target_line(deployment) + origin_line(deployment);
  const int width = id_width(deployment.flows);
  for (const deploy::FlowResult& result : deployment.flows) {
    const bool deployed = result.outcome == deploy::FlowOutcome::deployed;
    if (style.quiet && is_done(result.outcome)) continue;
    text += "  " + sign_of(result.action, style) + " ";
    text += deployed || deployment.unfinished
                ? printable(result.flow_id)
                : column(result.flow_id, width) + "  " + std::string(to_text(result.outcome));
    text += "\n";
    if (style.verbose && !result.error.empty()) text += "      " + printable(result.error) + "\n";
  }
  return text;
}

}  // namespace

std::string history_text(const History& history, const Style& style) {
  if (history.deployments.empty()) {
    return style.quiet ? std::string() : "Nothing has been deployed to " + printable(history.environment) + " yet.\n";
  }
  std::string text;
  for (const deploy::PastDeployment& deployment : history.deployments)
    text += history_entry(deployment, history.now, style);
  return text;
}

}  // namespace flowship::report
