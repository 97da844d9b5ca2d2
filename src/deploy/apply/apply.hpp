#pragma once

#include "api/service.hpp"
#include "deploy/apply/options.hpp"
#include "deploy/apply/outcome.hpp"
#include "deploy/plan/plan.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace flowship::deploy {

/// What became of the steps of a plan, before it is recorded.
struct Applied {
  /// One for each of the plan's changes, in their order.
  std::vector<FlowResult> flows;
  /// What the service returned afterwards, by flow.
  std::map<std::string, Export> returned;
  /// The service refused the key, so the rest was not tried.
  bool credentials_refused = false;
  /// A request that was broken off after a stop may still take effect.
  bool is_cut_off = false;
};

/// Carries out the plan with several requests at a time, subflows before the flows that use them, deletions last, and
/// reads back what the service holds then. A failure stops nothing but the flows that use the failed one, and, with
/// `atomic`, everything that was not begun; a refused key or a stop stops that as well.
Applied apply(const Plan& plan, api::Service& service, const DeployOptions& options, const Context& context);

/// Whether a request that was to change a flow was broken off by `Service::cut`.
bool has_cut_off(const api::Service& service, const std::vector<FlowResult>& flows);

/// The outcome of a step that needs no request, by its treatment; nothing where one is to be sent.
std::optional<FlowResult> result_without_request(const Change& change);

}  // namespace flowship::deploy
