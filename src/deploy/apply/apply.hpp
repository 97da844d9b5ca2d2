#pragma once

#include "api/service.hpp"
#include "deploy/apply/options.hpp"
#include "deploy/apply/outcome.hpp"
#include "deploy/plan/plan.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace flowship::deploy {

/// What the service returned of a flow after it was sent: the blob that the ledger keeps of it, or, where that is not
/// written yet, the export.
struct Returned {
  git::ObjectId kept = {};
  std::optional<Export> exported = {};
};

/// Writes an export's blob for the ledger. Called by several threads at a time. Throws `Error`.
using KeepReturned = std::function<git::ObjectId(const Export&)>;

/// What became of the steps of a plan, before it is recorded.
struct Applied {
  /// One for each of the plan's changes, in their order.
  std::vector<FlowResult> flows;
  /// What the service returned afterwards, by flow.
  std::map<std::string, Returned> returned;
  /// The service refused the key, so the rest was not tried.
  bool credentials_refused = false;
  /// A request that was broken off after a stop may still take effect.
  bool is_cut_off = false;
};

/// Carries out the plan with several requests at a time, subflows before the flows that use them, deletions last, and
/// reads back what the service holds then. A failure stops nothing but the flows that use the failed one, and, with
/// `atomic`, everything that was not begun; a refused key or a stop stops that as well. What the service returns is
/// given to `keep`, if there is one, as soon as it is there.
Applied apply(const Plan& plan, api::Service& service, const DeployOptions& options, const Context& context,
              const KeepReturned& keep = {});

/// Whether a request that was to change a flow was broken off by `Service::cut`.
bool has_cut_off(const api::Service& service, const std::vector<FlowResult>& flows);

/// The outcome of a step that needs no request, by its treatment; nothing where one is to be sent.
std::optional<FlowResult> result_without_request(const Change& change);

}  // namespace flowship::deploy
