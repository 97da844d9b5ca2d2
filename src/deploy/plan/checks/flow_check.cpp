#include "deploy/plan/checks/flow_check.hpp"

#include "base/error.hpp"
#include "flow/model/overrides.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

namespace flowship::deploy {

namespace {

/// What `set` names isn't there.
check::Finding unapplied(const check::ConfiguredName& place, const Error& error) {
  check::Finding finding;
  finding.rule = "unmatched-name";
  finding.severity = check::Severity::error;
  finding.message = "as sent to `" + place.environment + "`: " + error.message();
  finding.hint = error.hint();
  finding.path = place.path;
  finding.line = place.line;
  finding.column = place.column;
  finding.flow_id = place.name;
  return finding;
}

}  // namespace

check::ConfiguredName place_of_set(const flow::Flow& flow, const check::Settings& settings,
                                   const std::string& environment) {
  const auto named =
      std::find_if(settings.names.begin(), settings.names.end(), [&](const check::ConfiguredName& candidate) {
        return candidate.kind == check::ConfiguredName::Kind::flow && candidate.name == flow.id &&
               candidate.environment == environment;
      });
  if (named != settings.names.end()) return *named;
  return {
      .kind = check::ConfiguredName::Kind::flow, .name = flow.id, .environment = environment, .path = flow.source.path};
}

std::vector<check::Finding> errors_of(const flow::Flow& flow, const flow::Source* source, check::Settings settings,
                                      const check::FlowLookup* lookup) {
  flow::Reading reading;
  reading.flows.push_back(flow);
  for (check::IgnoreEntry& entry : settings.ignore) {
    if (source == nullptr || entry.path.empty()) continue;
    const bool is_for_source = flow::lies_in(entry.path, source->path) || flow::lies_in(source->path, entry.path);
    const bool is_for_flow = entry.flow_id.empty() || entry.flow_id == flow.id;
    if (is_for_source && is_for_flow) {
      entry.path.clear();
      entry.flow_id = flow.id;
    }
  }
  settings.names.clear();
  // Without the flows that it runs, nothing can be said about its paths.
  if (lookup == nullptr) settings.policies.clear();
  std::vector<check::Finding> findings = check::check(reading, settings, lookup);
  std::erase_if(findings, [](const check::Finding& finding) { return finding.severity != check::Severity::error; });
  return findings;
}

std::vector<check::Finding> errors_of_overrides(const flow::Flow& sent, const check::Settings& settings,
                                                const std::string& environment, const check::FlowLookup& lookup) {
  const check::ConfiguredName place = place_of_set(sent, settings, environment);
  std::vector<check::Finding> findings = errors_of(sent, &sent.source, settings, &lookup);
  for (check::Finding& finding : findings) {
    finding.message = "as sent to `" + environment + "`, " + finding.message;
    finding.path = place.path;
    finding.line = place.line;
    finding.column = place.column;
    finding.places.clear();
    finding.cause.clear();
  }
  return findings;
}

std::vector<check::Finding> errors_of_set(const flow::Reading& reading, const std::vector<check::Finding>& found,
                                          const Config& config, const CheckScope& scope,
                                          const check::FlowLookup& lookup) {
  std::set<std::string> wrong;
  for (const check::Finding& finding : found) {
    if (finding.severity == check::Severity::error) wrong.insert(finding.flow_id);
  }
  std::vector<check::Finding> findings;
  for (const std::string& environment : scope.environments) {
    const flow::Overrides& overrides = config.environments.at(environment).overrides;
    for (const flow::Flow& flow : reading.flows) {
      if (!flow.complete || wrong.contains(flow.id) || !overrides.set.contains(flow.id)) continue;
      std::vector<check::Finding> caused;
      try {
        caused = errors_of_overrides(flow::overridden(flow, overrides), scope.settings, environment, lookup);
      } catch (const Error& error) {
        caused = {unapplied(place_of_set(flow, scope.settings, environment), error)};
      }
      std::move(caused.begin(), caused.end(), std::back_inserter(findings));
    }
  }
  return findings;
}

}  // namespace flowship::deploy
