#pragma once

#include "check/findings/finding.hpp"
#include "check/guarantees/policy.hpp"
#include "flow/layouts/reading.hpp"

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace flowship::check {

/// A rule as `flowship help rules` shows it.
struct RuleFacts {
  std::string_view id;
  std::string_view group;
  Severity severity;
  std::string_view summary;
};

/// All rules, by group, in display order.
std::span<const RuleFacts> rules();

/// The rule of that id, or null.
const RuleFacts* find_rule(std::string_view id);

/// What to do about the name of a rule that is unknown.
std::string unknown_rule_hint(const std::string& id);

/// The rule about changes, which is not seen in one version: `ignore` entries of it have a `key`.
inline constexpr std::string_view kGuaranteeRule = "guarantee";

/// Findings to ignore, and why.
struct IgnoreEntry {
  std::string rule;
  /// The path of the finding, or a folder above it; empty for any.
  std::string path;
  /// The flow's id; empty for any.
  std::string flow_id;
  std::string reason;
  /// Of the rule `guarantee`: the key that is lost, or `assurance`.
  std::string key = {};
  /// Of the rule `policy`: the policy's name.
  std::string policy = {};
  /// Written in the server's policy file.
  bool is_of_server = false;

  bool operator==(const IgnoreEntry&) const = default;
};

/// A name in the configuration of an environment, and where it is.
struct ConfiguredName {
  enum class Kind { flow, connector, role };
  Kind kind = Kind::flow;
  std::string name;
  std::string environment;
  std::string path;
  int line = 1;
  int column = 1;

  bool operator==(const ConfiguredName&) const = default;
};

/// The part of the configuration that is about checking.
struct Settings {
  std::map<std::string, Severity> severities;
  std::vector<IgnoreEntry> ignore;
  /// For each environment that maps connectors, its id of each name.
  std::map<std::string, std::map<std::string, std::string>> mapped_connectors;
  /// Names that must exist.
  std::vector<ConfiguredName> names = {};
  /// As for connectors.
  std::map<std::string, std::map<std::string, std::string>> mapped_roles = {};
  std::vector<Policy> policies = {};

  /// The configured severity of a rule that exists, else its own.
  Severity severity_of(std::string_view rule) const;

  bool operator==(const Settings&) const = default;
};

/// What a flow offers other flows, and uses of them.
struct FlowSummary {
  std::set<std::string> shared_interactions;
  /// The flows that it uses as subflows.
  std::set<std::string> subflows;
};

FlowSummary summary_of(const flow::Flow& flow);

/// Finds flows of the repository that were not read, by id.
class FlowLookup {
 public:
  virtual ~FlowLookup() = default;
  virtual std::optional<flow::Flow> find(const std::string& flow_id) const = 0;
};

/// All findings, sorted by path, line, column, rule and message, without ignored ones and rules that are `off`.
/// `lookup` may be null if all flows of the repository were read.
std::vector<Finding> check(const flow::Reading& reading, const Settings& settings, const FlowLookup* lookup = nullptr);

/// The part of what `check` reports that is about policies.
std::vector<Finding> check_policies(const flow::Reading& reading, const Settings& settings, const FlowLookup* lookup);

/// The secrets in the text of a flow's file, which need not be valid JSON, as `check` reports them. An empty `flow_id`
/// is taken from the text.
std::vector<Finding> check_secrets(const std::string& text, const std::string& path, const std::string& flow_id,
                                   const Settings& settings);

/// The same for the text of a flowship.json. What it sets in a flow is a finding of that flow.
std::vector<Finding> check_config_secrets(const std::string& text, const std::string& path, const Settings& settings);

/// The names in the configuration of `environment` that do not exist in the whole repository: a part of what `check`
/// reports without a lookup, for all environments.
std::vector<Finding> check_names(const flow::Reading& whole, const Settings& settings, const std::string& environment);

}  // namespace flowship::check
