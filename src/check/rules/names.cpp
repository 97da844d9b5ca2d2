// The rule about names in flowship.json: a typo there would silently have no effect.

#include "base/text/did_you_mean.hpp"
#include "check/rules/rule.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace flowship::check {

namespace {

using Names = std::set<std::string>;

/// The names of the roles in `references`: of a map, or of a list.
std::vector<std::string> roles_of(const flow::Flow& flow) {
  std::vector<std::string> names;
  const json::Value roles = flow.references.find("roles");
  for (const json::Member& member : roles.members()) names.push_back(member.name());
  for (const json::Value item : roles.items()) {
    if (item.is(json::Type::string)) names.push_back(item.string());
  }
  return names;
}

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
  const std::string member = named.kind == ConfiguredName::Kind::role ? "`roles`" : "`connectors`";
  finding.message = is_flow ? "`set`" + of + " names the flow " + in_ticks(named.name) + ", which does not exist"
                            : member + of + " maps " + in_ticks(named.name) + ", which no flow references";
  finding.hint = did_you_mean(named.name, {known.begin(), known.end()});
  if (finding.hint.empty()) finding.hint = "remove it, or correct the name";
  return finding;
}

}  // namespace

std::vector<Finding> unmatched_names(const flow::Reading& whole, const Settings& settings,
                                     const std::string& environment) {
  if (settings.names.empty() || !is_all_known(whole)) return {};
  std::map<ConfiguredName::Kind, Names> known;
  for (const flow::Flow& flow : whole.flows) {
    known[ConfiguredName::Kind::flow].insert(flow.id);
    for (const json::Member& member : flow.references.find("connectors").members()) {
      known[ConfiguredName::Kind::connector].insert(member.name());
    }
    for (std::string& role : roles_of(flow)) known[ConfiguredName::Kind::role].insert(std::move(role));
    flow::rest(flow);
  }
  std::vector<Finding> findings;
  for (const ConfiguredName& named : settings.names) {
    if (!environment.empty() && named.environment != environment) continue;
    if (!known[named.kind].contains(named.name)) findings.push_back(unmatched(named, known[named.kind]));
  }
  return findings;
}

}  // namespace flowship::check
