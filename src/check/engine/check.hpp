#pragma once

#include "check/findings/finding.hpp"
#include "flow/layouts/reading.hpp"

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace flowship::check {

/// A rule as people see it (`flowship help rules`).
struct RuleFacts {
  std::string_view id;
  std::string_view group;
  Severity severity;
  std::string_view summary;
};

/// All rules, by group, in the order in which they are shown.
std::span<const RuleFacts> rules();

/// The rule of that id, or null.
const RuleFacts* find_rule(std::string_view id);

/// One finding to ignore, and why.
struct IgnoreEntry {
  std::string rule;
  /// The path of the finding, or a folder that it lies in; empty for any.
  std::string path;
  /// The flow's id; empty for any.
  std::string flow_id;
  std::string reason;

  bool operator==(const IgnoreEntry&) const = default;
};

/// What the configuration names for one environment, and where.
struct Named {
  enum class What { flow, connector };
  What what = What::flow;
  std::string name;
  std::string environment;
  std::string path;
  int line = 1;
  int column = 1;

  bool operator==(const Named&) const = default;
};

/// What a repository's configuration says about checking.
struct Settings {
  std::map<std::string, Severity> severities;
  std::vector<IgnoreEntry> ignore;
  /// For each environment that maps connectors, the names it maps.
  std::map<std::string, std::set<std::string>> mapped_connectors;
  /// What has to be there.
  std::vector<Named> names = {};

  bool operator==(const Settings&) const = default;
};

/// What a flow that is not among those read offers to others.
struct Neighbour {
  std::set<std::string> shared_interactions;
  /// The flows that it uses as subflows.
  std::set<std::string> subflows;
};

/// The flows of the repository beyond those that were read: asked by id, answers nothing for one that does not exist.
class Neighbours {
 public:
  virtual ~Neighbours() = default;
  virtual std::optional<Neighbour> find(const std::string& flow_id) const = 0;
};

/// All that there is to say about what was read, in a fixed order: by path, line, column, rule, message. Rules that are
/// `off` and ignored findings are left out. `neighbours` may be null when all flows of the repository were read.
std::vector<Finding> check(const flow::Reading& reading, const Settings& settings,
                           const Neighbours* neighbours = nullptr);

/// What `settings` names for an environment and no flow of a whole repository has: a part of what `check` says without
/// neighbours, where it says so for all environments.
std::vector<Finding> check_names(const flow::Reading& whole, const Settings& settings, const std::string& environment);

}  // namespace flowship::check
