#include "check/engine/check.hpp"

#include "base/parallel.hpp"
#include "check/engine/grouped_check.hpp"
#include "check/guarantees/policies.hpp"
#include "check/rules/rule.hpp"
#include "check/rules/secrets.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace flowship::check {

namespace {

/// Every check of the table once, in its order.
std::vector<Check> all_checks() {
  std::vector<Check> checks;
  for (const Rule& rule : rule_table()) {
    if (rule.check != nullptr && std::find(checks.begin(), checks.end(), rule.check) == checks.end()) {
      checks.push_back(rule.check);
    }
  }
  return checks;
}

/// Sets severities and drops findings that are ignored or off.
class Filter {
 public:
  explicit Filter(const Settings& settings) : settings_(settings) {
    for (const RuleFacts& facts : rules()) severities_[facts.id] = {facts.severity, false};
    for (const auto& [rule, severity] : settings.severities) severities_[rule] = {severity, true};
  }

  /// False if the finding is dropped.
  bool admit(Finding& finding) const {
    const RuleSeverity& of_rule = severities_.at(finding.rule);
    // A check may have lowered the severity of this finding.
    finding.severity = of_rule.is_configured ? of_rule.severity : std::min(finding.severity, of_rule.severity);
    return finding.severity != Severity::off && !is_ignored(finding);
  }

 private:
  struct RuleSeverity {
    Severity severity = Severity::off;
    bool is_configured = false;
  };

  bool is_ignored(const Finding& finding) const {
    return std::any_of(settings_.ignore.begin(), settings_.ignore.end(), [&](const IgnoreEntry& entry) {
      return entry.rule == finding.rule && flow::lies_in(finding.path, entry.path) &&
             (entry.flow_id.empty() || entry.flow_id == finding.flow_id) &&
             entry.reason.find_first_not_of(" \t\r\n") != std::string::npos;
    });
  }

  const Settings& settings_;
  std::unordered_map<std::string_view, RuleSeverity> severities_;
};

std::vector<Finding> check_flow(const flow::Flow& flow, const Repository& repository, const Settings& settings,
                                const Filter& filter, Grouping grouping) {
  static const std::vector<Check> kChecks = all_checks();
  const Tasks tasks(flow);
  Findings findings(flow, grouping);
  for (const Check check : kChecks) check({flow, tasks, repository, settings}, findings);
  std::vector<Finding> admitted = findings.take();
  std::erase_if(admitted, [&](Finding& finding) { return !filter.admit(finding); });
  flow::rest(flow);
  return admitted;
}

auto order_of(const Finding& finding) {
  return std::tie(finding.path, finding.line, finding.column, finding.rule, finding.message, finding.flow_id);
}

/// Without what the settings leave out.
std::vector<Finding> admitted(std::vector<Finding> found, const Settings& settings) {
  const Filter filter(settings);
  std::erase_if(found, [&](Finding& finding) { return !filter.admit(finding); });
  for (Finding& finding : found) finding.flow_id = with_secrets_masked(finding.flow_id);
  return found;
}

using LineAndColumn = std::pair<int, int>;

LineAndColumn position_of(const json::Document& document, const char* at) {
  const json::Position position = document.position(static_cast<std::size_t>(at - document.text().data()));
  return {position.line, position.column};
}

/// Names the flow in findings in what `set` of an environment in a flowship.json gives to its members.
void name_flows_of_set(const json::Document& document, std::vector<Finding>& findings) {
  struct Part {
    LineAndColumn end;
    std::string flow_id;
  };
  std::map<LineAndColumn, Part> parts;
  for (const json::Member& environment : document.root().find("environments").members()) {
    for (const json::Member& flow : environment.value.find("set").members()) {
      const std::string_view text = flow.value.text();
      parts[position_of(document, text.data())] = {position_of(document, text.data() + text.size()), flow.name()};
    }
  }
  for (Finding& finding : findings) {
    const LineAndColumn at{finding.line, finding.column};
    const auto after = parts.upper_bound(at);
    if (after == parts.begin()) continue;
    const Part& part = std::prev(after)->second;
    if (at < part.end) finding.flow_id = part.flow_id;
  }
}

}  // namespace

Severity Settings::severity_of(std::string_view rule) const {
  const auto configured = severities.find(std::string(rule));
  return configured == severities.end() ? find_rule(rule)->severity : configured->second;
}

std::vector<Finding> check(const flow::Reading& reading, const Settings& settings, const FlowLookup* lookup) {
  return grouped_check(reading, settings, lookup, Grouping::by_cause);
}

std::vector<Finding> grouped_check(const flow::Reading& reading, const Settings& settings, const FlowLookup* lookup,
                                   Grouping grouping) {
  const Repository repository(reading, lookup);
  const Filter filter(settings);
  std::vector<std::vector<Finding>> by_flow(reading.flows.size());
  for_each_in_parallel(by_flow.size(), threads_for(by_flow.size()), [&](std::size_t index) {
    by_flow[index] = check_flow(reading.flows[index], repository, settings, filter, grouping);
  });
  std::vector<Finding> findings;
  for (const flow::Problem& problem : reading.problems) {
    Finding finding = finding_of(problem);
    if (filter.admit(finding)) findings.push_back(std::move(finding));
  }
  if (lookup == nullptr) {
    for (Finding& finding : check_names(reading, settings, {})) findings.push_back(std::move(finding));
  }
  for (std::vector<Finding>& of_flow : by_flow) {
    std::move(of_flow.begin(), of_flow.end(), std::back_inserter(findings));
  }
  std::vector<Finding> of_policies = policy_findings(reading, repository, settings, lookup == nullptr);
  std::move(of_policies.begin(), of_policies.end(), std::back_inserter(findings));
  std::sort(findings.begin(), findings.end(),
            [](const Finding& a, const Finding& b) { return order_of(a) < order_of(b); });
  for (Finding& finding : findings) finding.flow_id = with_secrets_masked(finding.flow_id);
  return findings;
}

std::vector<Finding> check_policies(const flow::Reading& reading, const Settings& settings, const FlowLookup* lookup) {
  if (settings.policies.empty()) return {};
  return policy_findings(reading, Repository(reading, lookup), settings, lookup == nullptr);
}

std::vector<Finding> check_secrets(const std::string& text, const std::string& path, const std::string& flow_id,
                                   const Settings& settings) {
  // Behind an escape may be anything; otherwise the text need not be parsed.
  if (text.find('\\') == std::string::npos && !find_secret(text)) return {};
  flow::Flow flow;
  flow.id = flow_id;
  std::vector<Finding> found;
  if (const json::DocumentPtr document = json::Document::read(text, path).document) {
    if (flow.id.empty()) flow.id = flow::string_of(document->root().find("flowId"));
    Findings findings(flow);
    search_secrets(*document, findings);
    found = findings.take();
  } else {
    found = secrets_of_text(text, path);
  }
  return admitted(std::move(found), settings);
}

std::vector<Finding> check_config_secrets(const std::string& text, const std::string& path, const Settings& settings) {
  if (text.find('\\') == std::string::npos && !find_secret(text)) return {};
  const json::DocumentPtr document = json::Document::read(text, path).document;
  if (document == nullptr) return admitted(secrets_of_text(text, path), settings);
  flow::Flow none;
  none.source.path = path;
  Findings findings(none);
  search_secrets(*document, findings);
  std::vector<Finding> found = findings.take();
  name_flows_of_set(*document, found);
  return admitted(std::move(found), settings);
}

std::vector<Finding> check_names(const flow::Reading& whole, const Settings& settings, const std::string& environment) {
  const Filter filter(settings);
  std::vector<Finding> findings = unmatched_names(whole, settings, environment);
  std::erase_if(findings, [&](Finding& finding) { return !filter.admit(finding); });
  return findings;
}

}  // namespace flowship::check
