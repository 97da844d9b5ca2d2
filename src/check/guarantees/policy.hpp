#pragma once

#include "check/findings/finding.hpp"
#include "flow/graph/selectors.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace flowship::check {

/// The rule about policies: `ignore` entries of it name the `policy`.
inline constexpr std::string_view kPolicyRule = "policy";

/// What must hold for every path of some flows to a session.
struct Policy {
  std::string name;
  /// Globs of flow ids; empty: all flows.
  std::vector<std::string> flows;
  /// Every path passes a task that one of these matches; empty: nothing is required.
  std::vector<flow::Selector> require;
  /// No path passes a task that one of these matches.
  std::vector<flow::Selector> forbid;
  /// The least number of different factors on any path.
  std::optional<std::size_t> factors;
  /// What a path ends at instead of a session: the first task of the flow itself that it matches.
  std::optional<flow::Selector> before;
  /// Nothing: that of the rule.
  std::optional<Severity> severity;
  /// Demanded by the server, so that only its own `ignore` entries count.
  bool is_of_server = false;
  /// Where it is written.
  std::string path;
  int line = 1;
  int column = 1;

  bool applies_to(const std::string& flow_id) const;

  bool operator==(const Policy&) const = default;
};

}  // namespace flowship::check
