#include "deploy/validation.hpp"

#include "flow/reading.hpp"

#include <algorithm>
#include <thread>

namespace flowship::deploy {

Validated validate(const git::Revision& revision, const Config& config, const std::vector<std::string>& paths) {
  const flow::Scope scope{.sources = config.sources, .known = {}};
  std::vector<git::Entry> entries = revision.files({.prefixes = config.sources});
  std::erase_if(entries, [](const git::Entry& entry) {
    return entry.kind == git::EntryKind::file && !entry.path.ends_with(".json");
  });
  const flow::Reading reading = flow::read_flows(
      entries, scope, [&](const git::Entry& entry) { return revision.read(entry); },
      std::max(1U, std::thread::hardware_concurrency()));
  Validated validated{.flows = static_cast<int>(reading.flows.size()), .findings = check::check(reading, config.check)};
  if (paths.empty()) return validated;
  const flow::Scope chosen{.sources = paths, .known = {}};
  std::erase_if(validated.findings, [&](const check::Finding& finding) { return !chosen.covers(finding.path); });
  validated.flows =
      static_cast<int>(std::count_if(reading.flows.begin(), reading.flows.end(), [&](const flow::Flow& flow) {
        return chosen.covers(flow.source.path) ||
               std::any_of(flow.source.files.begin(), flow.source.files.end(),
                           [&](const git::Entry& file) { return chosen.covers(file.path); });
      }));
  return validated;
}

}  // namespace flowship::deploy
