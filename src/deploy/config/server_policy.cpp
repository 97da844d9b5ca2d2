#include "deploy/config/server_policy.hpp"

#include "base/error.hpp"
#include "base/files/files.hpp"
#include "base/text/printable.hpp"
#include "deploy/config/checks.hpp"
#include "deploy/config/policies.hpp"
#include "git/remote/user_git.hpp"
#include "json/members.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

namespace flowship::deploy {

namespace {

constexpr const char* kPolicySetting = "flowship.policy";

constexpr json::Known<ServerPolicy> kServerPolicyMembers[] = {
    {"sources", [](json::Value value, ServerPolicy& target) { target.sources = read_sources(value); }},
    {"rules", [](json::Value value, ServerPolicy& target) { read_rules(value, target.check); }},
    {"ignore", [](json::Value value, ServerPolicy& target) { read_ignore(value, target.check); }},
    {"policies", [](json::Value value, ServerPolicy& target) { target.check.policies = read_policies(value); }},
    {"$schema", [](json::Value value, ServerPolicy&) { static_cast<void>(json::text_of(value, "`$schema`")); }},
};

/// `~` is expanded as in every path of git's configuration.
std::filesystem::path policy_path(const git::Repository& repository) {
  const ProcessResult result = git::run_git(repository, {"config", "--type=path", "-z", "--get", kPolicySetting});
  if (result.status != 0) throw Error(std::string("reading `") + kPolicySetting + "`: " + git::complaint(result));
  const std::filesystem::path path = result.output.substr(0, result.output.find('\0'));
  if (path.empty()) throw Error(std::string("`") + kPolicySetting + "` is empty");
  return path.is_absolute() ? path : repository.common_directory() / path;
}

}  // namespace

check::Settings ServerPolicy::tightened(check::Settings settings) const {
  for (const auto& [rule, severity] : check.severities) {
    settings.severities[rule] = std::max(settings.severity_of(rule), severity);
  }
  std::erase_if(settings.ignore, [this](const check::IgnoreEntry& entry) { return names(entry.rule); });
  settings.policies.insert(settings.policies.end(), check.policies.begin(), check.policies.end());
  settings.ignore.insert(settings.ignore.end(), check.ignore.begin(), check.ignore.end());
  return settings;
}

ServerPolicy parse_server_policy(std::string text, const std::string& path) {
  const json::DocumentPtr document = json::Document::parse(std::move(text), path);
  refuse_keys(document->root());
  ServerPolicy policy;
  json::read_members(document->root(), path, kServerPolicyMembers, policy);
  expect_ignored_policies(document->root(), policy.check);
  for (check::Policy& each : policy.check.policies) {
    each.is_of_server = true;
    // Whatever a pushed flowship.json says about the rule.
    if (!each.severity) each.severity = policy.check.severity_of(check::kPolicyRule);
  }
  for (check::IgnoreEntry& entry : policy.check.ignore) entry.is_of_server = true;
  return policy;
}

std::optional<ServerPolicy> load_server_policy(const git::Repository& repository) {
  if (!repository.config(kPolicySetting)) return std::nullopt;
  try {
    const std::filesystem::path path = policy_path(repository);
    std::optional<std::string> text = read_file(path, kConfigLimit);
    if (!text) throw Error("there is no file " + printable(path.string()));
    return parse_server_policy(std::move(*text), printable(path.string()));
  } catch (const Error& error) {
    throw Error("the server's policy for flows can't be applied: " + error.message(),
                error.hint().empty() ? std::string("the server's administrator sets it: git config ") + kPolicySetting +
                                           " /path/to/policy.json"
                                     : error.hint(),
                error.fault());
  }
}

}  // namespace flowship::deploy
