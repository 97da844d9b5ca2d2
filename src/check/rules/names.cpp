// The rule about names in flowship.json: a typo there would silently have no effect.

#include "base/text/did_you_mean.hpp"
#include "check/rules/rule.hpp"

#include <algorithm>
#include <set>

namespace flowship::check {

namespace {

using Names = std::set<std::string>;

/// Whether all names are known: what can't be read might have the name.
bool is_all_known(const flow::Reading& whole) {
  return std::all_of(whole.flows.begin(), whole.flows.end(), [](const flow::Flow& flow) { return flow.complete; }) &&
         std::none_of(whole.problems.begin(), whole.problems.end(),
                      [](const flow::Problem& problem) { return problem.flow_id.empty(); });
}

Finding unmatched(const ConfiguredName& named, const Names& known) {
  Finding finding;
  finding.rule = "unmatched-name";
  finding.path = named.path;
  finding.line = named.line;
  finding.column = named.column;
  const std::string of = " for the environment " + in_ticks(named.environment);
  const bool is_flow = named.kind == ConfiguredName::Kind::flow;
  finding.message = is_flow ? "`set`" + of + " names the flow " + in_ticks(named.name) + ", which does not exist"
                            : "`connectors`" + of + " maps " + in_ticks(named.name) + ", which no flow references";
  finding.hint = did_you_mean(named.name, {known.begin(), known.end()});
  if (finding.hint.empty()) finding.hint = "remove it, or correct the name";
  return finding;
}

}  // namespace

std::vector<Finding> unmatched_names(const flow::Reading& whole, const Settings& settings,
                                     const std::string& environment) {
  if (settings.names.empty() || !is_all_known(whole)) return {};
  Names flows;
  Names connectors;
  for (const flow::Flow& flow : whole.flows) {
    flows.insert(flow.id);
    for (const json::Member& member : flow.references.find("connectors").members()) connectors.insert(member.name());
  }
  std::vector<Finding> findings;
  for (const ConfiguredName& named : settings.names) {
    if (!environment.empty() && named.environment != environment) continue;
    const Names& known = named.kind == ConfiguredName::Kind::flow ? flows : connectors;
    if (!known.contains(named.name)) findings.push_back(unmatched(named, known));
  }
  return findings;
}

}  // namespace flowship::check
