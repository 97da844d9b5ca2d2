#pragma once

#include "api/service.hpp"
#include "deploy/apply/apply.hpp"

namespace flowship::deploy {

/// Where any step failed, puts back what the service held before each flow that was imported, newest first, and deletes
/// flows that it did not have. What was put back becomes `restored`; what could not be stays `deployed`, and says why.
void put_back_if_failed(Execution& execution, const CarryOutOptions& carried_out, api::Service& service);

}  // namespace flowship::deploy
