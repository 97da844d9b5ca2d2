#pragma once

#include "flow/model/flow.hpp"
#include "json/pointer.hpp"

namespace flowship::flow {

/// The value at a path of `differences`, below a member of the flow; absent if there is none, or if several screens
/// have the id.
json::Value value_at(const Flow& flow, const json::Pointer& path);

}  // namespace flowship::flow
