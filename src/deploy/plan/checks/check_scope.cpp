#include "deploy/plan/checks/check_scope.hpp"

#include "flow/layouts/reading.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <tuple>
#include <utility>

namespace flowship::deploy {

namespace {

/// The rules about several sources that would be deployed together.
constexpr std::string_view kRulesAcrossSources[] = {"duplicate-flow-id", "flow-id-case", "flow-list"};

/// The settings as far as they concern these environments.
check::Settings settings_for(check::Settings settings, const std::set<std::string>& environments) {
  std::erase_if(settings.names,
                [&](const check::ConfiguredName& name) { return !environments.contains(name.environment); });
  const auto is_of_another = [&](const auto& mapped) { return !environments.contains(mapped.first); };
  std::erase_if(settings.mapped_connectors, is_of_another);
  std::erase_if(settings.mapped_roles, is_of_another);
  return settings;
}

/// The environments by the sources that they deploy.
std::map<std::vector<std::string>, std::set<std::string>> environments_by_sources(const Config& config) {
  std::map<std::vector<std::string>, std::set<std::string>> groups;
  for (const auto& [name, environment] : config.environments) groups[config.sources_of(environment)].insert(name);
  return groups;
}

bool covers(const std::vector<std::string>& sources, const std::string& path) {
  return flow::Scope{.sources = sources, .known = {}}.covers(path);
}

/// Whether every source of `inner` lies in `outer`.
bool contains(const std::vector<std::string>& outer, const std::vector<std::string>& inner) {
  if (outer.empty()) return true;
  return !inner.empty() &&
         std::all_of(inner.begin(), inner.end(), [&](const std::string& source) { return covers(outer, source); });
}

auto identity(const check::Finding& finding) {
  return std::tie(finding.path, finding.line, finding.column, finding.rule, finding.message, finding.flow_id);
}

/// Of equal findings the gravest comes first.
bool is_before(const check::Finding& a, const check::Finding& b) {
  return identity(a) == identity(b) ? a.severity > b.severity : identity(a) < identity(b);
}

}  // namespace

bool CheckScope::reports(const std::string& path) const {
  return std::none_of(left_to_others.begin(), left_to_others.end(),
                      [&](const std::vector<std::string>& others) { return covers(others, path); });
}

std::vector<CheckScope> demanded_scopes(const Config& config, const ServerPolicy& policy) {
  if (!policy.sources && policy.check.severities.empty() && policy.check.policies.empty()) return {};
  CheckScope scope{.sources = policy.sources.value_or(std::vector<std::string>()),
                   .settings = policy.tightened(settings_for(config.check, {}))};
  for (const auto& [sources, environments] : environments_by_sources(config)) {
    if (contains(sources, scope.sources)) return {};
    scope.left_to_others.push_back(sources);
  }
  // Those of flowship.json are about its own sources.
  scope.settings.policies = policy.check.policies;
  for (const check::RuleFacts& rule : check::rules()) {
    const bool is_across = std::find(std::begin(kRulesAcrossSources), std::end(kRulesAcrossSources), rule.id) !=
                           std::end(kRulesAcrossSources);
    if (policy.names(std::string(rule.id)) || (policy.sources && !is_across)) continue;
    scope.settings.severities[std::string(rule.id)] = check::Severity::off;
  }
  // Subflows may lie in either.
  for (const std::vector<std::string>& sources : scope.left_to_others) {
    if (!scope.sources.empty()) scope.sources.insert(scope.sources.end(), sources.begin(), sources.end());
  }
  return {std::move(scope)};
}

std::vector<CheckScope> check_scopes(const Config& config, const ServerPolicy* policy) {
  std::vector<CheckScope> scopes;
  for (const auto& [sources, environments] : environments_by_sources(config)) {
    check::Settings settings = settings_for(config.check, environments);
    if (policy != nullptr) settings = policy->tightened(std::move(settings));
    scopes.push_back({.sources = sources, .settings = std::move(settings), .environments = environments});
  }
  if (policy == nullptr) return scopes;
  for (CheckScope& scope : demanded_scopes(config, *policy)) scopes.push_back(std::move(scope));
  return scopes;
}

void add(Validated& all, Validated more) {
  all.sources.merge(more.sources);
  all.findings.insert(all.findings.end(), std::make_move_iterator(more.findings.begin()),
                      std::make_move_iterator(more.findings.end()));
  // The gravest of equal ones stays: a pushed policy must not take the place of the server's.
  std::stable_sort(all.findings.begin(), all.findings.end(), is_before);
  const auto same = [](const check::Finding& a, const check::Finding& b) { return identity(a) == identity(b); };
  all.findings.erase(std::unique(all.findings.begin(), all.findings.end(), same), all.findings.end());
}

}  // namespace flowship::deploy
