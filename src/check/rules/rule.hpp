#pragma once

#include "check/engine/check.hpp"
#include "check/engine/repository.hpp"
#include "check/engine/tasks.hpp"
#include "check/findings/findings.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace flowship::check {

/// What rules need to check one flow.
struct RuleContext {
  const flow::Flow& flow;
  /// The flow's tasks, indexed once for all rules.
  const Tasks& tasks;
  /// What the other flows of the repository offer.
  const Repository& repository;
  const Settings& settings;
};

/// Reports the findings of several rules of a group, so that a flow is walked once.
using Check = void (*)(const RuleContext&, Findings&);

/// A row of the table in rules.cpp.
struct Rule {
  RuleFacts facts;
  /// Null if `flow::read_flows` finds it (layout.cpp), or if it is not about a single flow (names.cpp).
  Check check;
};

std::span<const Rule> rule_table();

// The checks, one a file.
void check_shape(const RuleContext& context, Findings& findings);
void check_graph(const RuleContext& context, Findings& findings);
void check_subflows(const RuleContext& context, Findings& findings);
void check_references(const RuleContext& context, Findings& findings);
void check_screens(const RuleContext& context, Findings& findings);
void check_safety(const RuleContext& context, Findings& findings);

/// The secrets in one document.
void search_secrets(const json::Document& document, Findings& findings);
/// The same for a text that is not valid JSON; without severities.
std::vector<Finding> secrets_of_text(std::string_view text, const std::string& path);

/// A problem that reading found, as a finding; the caller sets its severity.
Finding finding_of(const flow::Problem& problem);

/// Names in the configuration of `environment` (empty: of all) that do not exist in the repository; the caller sets
/// their severities.
std::vector<Finding> unmatched_names(const flow::Reading& whole, const Settings& settings,
                                     const std::string& environment);

}  // namespace flowship::check
