#include "deploy/plan/flow_check.hpp"

#include "flow/layouts/reading.hpp"

#include <algorithm>

namespace flowship::deploy {

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

std::vector<check::Finding> errors_of_overrides(const Change& change, const check::Settings& settings,
                                                const std::string& environment, const check::FlowLookup& lookup) {
  const flow::Source& source = change.flow->source;
  const auto named =
      std::find_if(settings.names.begin(), settings.names.end(), [&](const check::ConfiguredName& candidate) {
        return candidate.kind == check::ConfiguredName::Kind::flow && candidate.name == change.flow_id &&
               candidate.environment == environment;
      });
  std::vector<check::Finding> findings = errors_of(*change.flow, &source, settings, &lookup);
  for (check::Finding& finding : findings) {
    finding.message = "as sent to `" + environment + "`, " + finding.message;
    finding.path = named == settings.names.end() ? source.path : named->path;
    finding.line = named == settings.names.end() ? 1 : named->line;
    finding.column = named == settings.names.end() ? 1 : named->column;
    finding.places.clear();
  }
  return findings;
}

}  // namespace flowship::deploy
