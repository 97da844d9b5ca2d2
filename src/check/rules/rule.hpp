#pragma once

#include "check/engine/check.hpp"
#include "check/engine/repository.hpp"
#include "check/engine/tasks.hpp"
#include "check/findings/findings.hpp"

#include <span>

namespace flowship::check {

/// What the rules are given to look at one flow.
struct Subject {
  const flow::Flow& flow;
  /// The flow's tasks, indexed once for all rules.
  const Tasks& tasks;
  /// What the repository's other flows offer.
  const Repository& repository;
  const Settings& settings;
};

/// Looks for everything that the rules of one group forbid; several rules share one, so that a flow is walked once.
using Check = void (*)(const Subject&, Findings&);

/// A row of the table in rules.cpp.
struct Rule {
  RuleFacts facts;
  /// Null where `read_flows` has found it already (layout.cpp), and where it is not about one flow (names.cpp).
  Check check;
};

std::span<const Rule> rule_table();

// The checks, one a file.
void check_shape(const Subject& subject, Findings& findings);
void check_graph(const Subject& subject, Findings& findings);
void check_subflows(const Subject& subject, Findings& findings);
void check_references(const Subject& subject, Findings& findings);
void check_screens(const Subject& subject, Findings& findings);
void check_safety(const Subject& subject, Findings& findings);

/// A problem that reading found, as a finding (its severity is for the caller).
Finding finding_of(const flow::Problem& problem);

/// Names of the configuration that nothing in a whole repository has (severities are for the caller); of every
/// environment where `environment` is empty.
std::vector<Finding> unmatched_names(const flow::Reading& whole, const Settings& settings,
                                     const std::string& environment);

}  // namespace flowship::check
