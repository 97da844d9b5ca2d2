#include "deploy/plan/checks/validation.hpp"

#include "base/error.hpp"
#include "base/text/printable.hpp"
#include "deploy/ledger/ledger.hpp"
#include "deploy/plan/checks/check_scope.hpp"
#include "deploy/plan/checks/flow_check.hpp"
#include "deploy/plan/flow_index.hpp"
#include "flow/layouts/reading.hpp"

#include <algorithm>
#include <map>

namespace flowship::deploy {

namespace {

bool leads_to(const std::string& path, const std::vector<git::Entry>& entries) {
  return std::any_of(entries.begin(), entries.end(),
                     [&](const git::Entry& entry) { return flow::lies_in(entry.path, path); });
}

bool concerns(const std::string& path, const Validated& validated) {
  return std::any_of(validated.sources.begin(), validated.sources.end(),
                     [&](const std::string& source) { return flow::lies_in(source, path); }) ||
         std::any_of(validated.findings.begin(), validated.findings.end(),
                     [&](const check::Finding& finding) { return flow::lies_in(finding.path, path); });
}

/// A path that names nothing is a typo, and must not look like a clean result.
void expect_there(const std::string& path, const git::Revision& revision, const Validated& validated) {
  // A path outside the sources is fine.
  if (path == "." || concerns(path, validated) || leads_to(path, revision.files())) return;
  throw usage_error("there is nothing at `" + printable(path) + "` (" + revision.name() + ")");
}

/// The source and the files of a flow.
bool concerns_source(const flow::Scope& chosen, const flow::Source& source) {
  return chosen.covers(source.path) || std::any_of(source.files.begin(), source.files.end(),
                                                   [&](const git::Entry& file) { return chosen.covers(file.path); });
}

/// Checks the flows of one scope; with `paths` only those in these files or folders are reported.
Validated validate_scope(const git::Revision& revision, const Config& config, const CheckScope& part,
                         const std::set<std::string>& known, const std::vector<std::string>& paths) {
  const flow::Scope scope{.sources = part.sources, .known = known};
  std::vector<git::Entry> entries = revision.files({.prefixes = part.sources});
  std::erase_if(entries, [](const git::Entry& entry) {
    return entry.kind == git::EntryKind::file && !entry.path.ends_with(".json");
  });
  const flow::Reading reading = flow::read_flows(revision, entries, scope);
  const flow::Scope chosen{.sources = paths, .known = {}};
  Validated validated{.sources = {}, .findings = check::check(reading, part.settings)};
  const FlowIndex flows(revision, scope);
  for (check::Finding& finding : errors_of_set(reading, validated.findings, config, part, flows)) {
    validated.findings.push_back(std::move(finding));
  }
  std::erase_if(validated.findings, [&](const check::Finding& finding) {
    return !chosen.covers(finding.path) || !part.reports(finding.path);
  });
  for (const flow::Flow& flow : reading.flows) {
    if (concerns_source(chosen, flow.source) && part.reports(flow.source.path))
      validated.sources.insert(flow.source.path);
  }
  return validated;
}

bool is_about_configuration(const check::Finding& finding) {
  return finding.rule == check::kPolicyRule && finding.subject.empty();
}

/// A policy or selector that matches nothing in one environment's flows may match in another's.
void erase_matched_elsewhere(const std::vector<CheckScope>& scopes, const std::map<std::string, std::size_t>& unmatched,
                             std::vector<check::Finding>& findings) {
  const auto judged = static_cast<std::size_t>(std::count_if(scopes.begin(), scopes.end(), [](const CheckScope& scope) {
    return std::any_of(scope.settings.policies.begin(), scope.settings.policies.end(),
                       [](const check::Policy& policy) { return !policy.is_of_server; });
  }));
  std::erase_if(findings, [&](const check::Finding& finding) {
    return is_about_configuration(finding) && unmatched.at(finding.message) < judged;
  });
}

Validated validate_scopes(const git::Revision& revision, const Config& config, const std::vector<CheckScope>& scopes,
                          const std::vector<std::string>& paths) {
  Validated validated;
  if (scopes.empty()) return validated;
  const std::set<std::string> known = deployed_sources(revision.repository(), config);
  std::map<std::string, std::size_t> unmatched;
  for (const CheckScope& scope : scopes) {
    Validated of_scope = validate_scope(revision, config, scope, known, paths);
    for (const check::Finding& finding : of_scope.findings) {
      if (is_about_configuration(finding)) ++unmatched[finding.message];
    }
    add(validated, std::move(of_scope));
  }
  erase_matched_elsewhere(scopes, unmatched, validated.findings);
  return validated;
}

}  // namespace

Validated validate(const git::Revision& revision, const Config& config, const std::vector<std::string>& paths,
                   const ServerPolicy* policy) {
  Validated validated = validate_scopes(revision, config, check_scopes(config, policy), paths);
  for (const std::string& path : paths) expect_there(path, revision, validated);
  return validated;
}

Validated validate_demanded(const git::Revision& revision, const Config& config, const ServerPolicy& policy) {
  return validate_scopes(revision, config, demanded_scopes(config, policy), {});
}

}  // namespace flowship::deploy
