#include "deploy/plan/validation.hpp"

#include "base/error.hpp"
#include "base/text/printable.hpp"
#include "deploy/ledger/ledger.hpp"
#include "flow/layouts/reading.hpp"

#include <algorithm>
#include <mutex>
#include <thread>

namespace flowship::deploy {

namespace {

bool leads_to(const std::string& path, const std::vector<git::Entry>& entries) {
  return std::any_of(entries.begin(), entries.end(),
                     [&](const git::Entry& entry) { return flow::lies_in(entry.path, path); });
}

bool concerns(const std::string& path, const std::vector<check::Finding>& findings) {
  return std::any_of(findings.begin(), findings.end(),
                     [&](const check::Finding& finding) { return flow::lies_in(finding.path, path); });
}

/// A path that names nothing is a typo, and must not look like a clean result.
void expect_there(const std::string& path, const git::Revision& revision, const std::vector<git::Entry>& entries,
                  const std::vector<check::Finding>& findings) {
  // A path outside the sources is fine.
  if (path == "." || leads_to(path, entries) || concerns(path, findings) || leads_to(path, revision.files())) return;
  throw usage_error("there is nothing at `" + printable(path) + "` (" + revision.name() + ")");
}

}  // namespace

Validated validate(const git::Revision& revision, const Config& config, const std::vector<std::string>& paths) {
  const flow::Scope scope{.sources = config.sources, .known = deployed_sources(revision.repository(), config)};
  std::vector<git::Entry> entries = revision.files({.prefixes = config.sources});
  std::erase_if(entries, [](const git::Entry& entry) {
    return entry.kind == git::EntryKind::file && !entry.path.ends_with(".json");
  });
  std::mutex asking;
  const flow::Reading reading = flow::read_flows(
      entries, scope,
      [&](const git::Entry& entry) {
        std::unique_lock lock(asking, std::defer_lock);
        if (!revision.is_worktree()) lock.lock();
        return revision.read(entry);
      },
      std::max(1U, std::thread::hardware_concurrency()));
  Validated validated{.flows = static_cast<int>(reading.flows.size()), .findings = check::check(reading, config.check)};
  if (paths.empty()) return validated;
  for (const std::string& path : paths) expect_there(path, revision, entries, validated.findings);
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
