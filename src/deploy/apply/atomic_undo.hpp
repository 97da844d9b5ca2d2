#pragma once

#include "api/service.hpp"
#include "deploy/apply/outcome.hpp"

#include <vector>

namespace flowship::deploy {

/// `--atomic`: where any step of the plan failed that was to be sent, puts back what the service held before each flow
/// that was imported, newest first, and deletes flows that it did not have. What was put back becomes `restored`; what
/// could not be stays `deployed`, and says why.
void undo_if_failed(const Plan& plan, std::vector<FlowResult>& flows, api::Service& service);

}  // namespace flowship::deploy
