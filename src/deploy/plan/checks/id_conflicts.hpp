#pragma once

#include "deploy/plan/flow_index.hpp"
#include "flow/layouts/reading.hpp"

namespace flowship::deploy {

/// Adds to the problems of a reading of some of a revision's flows: ids that other flows of the revision have too, or
/// that differ from theirs in case alone.
void add_id_conflicts(const FlowIndex& flow_index, flow::Reading& reading);

}  // namespace flowship::deploy
