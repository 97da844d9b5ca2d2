#pragma once

#include "check/finding.hpp"
#include "flow/reading.hpp"

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

/// One entry that is excused, with the reason why.
struct Excuse {
  std::string rule;
  /// The path of the finding; empty for any.
  std::string path;
  /// The flow's id; empty for any.
  std::string flow_id;
  std::string reason;

  bool operator==(const Excuse&) const = default;
};

/// What a repository's configuration says about checking.
struct Settings {
  std::map<std::string, Severity> severities;
  std::vector<Excuse> excuses;
  /// For each environment that maps connectors, the names it maps.
  std::map<std::string, std::set<std::string>> mapped_connectors;

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
/// `off` and excused entries are left out. `neighbours` may be null when all flows of the repository were read.
std::vector<Finding> check(const flow::Reading& reading, const Settings& settings,
                           const Neighbours* neighbours = nullptr);

}  // namespace flowship::check
