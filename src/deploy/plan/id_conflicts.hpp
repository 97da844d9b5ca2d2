#pragma once

#include "deploy/plan/flow_index.hpp"
#include "flow/layouts/reading.hpp"

namespace flowship::deploy {

/// Adds to the problems of a reading that holds some of a revision's flows: ids of these flows that others of the
/// revision have too, or have but for the case of letters.
void add_id_conflicts(const FlowIndex& flow_index, flow::Reading& reading);

}  // namespace flowship::deploy
