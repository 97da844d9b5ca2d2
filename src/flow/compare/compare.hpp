#pragma once

#include "flow/model/flow.hpp"
#include "json/compare.hpp"

#include <string>
#include <vector>

namespace flowship::flow {

/// By value, as the service means it: no difference is made by layout, order of members, the order of screens (they
/// are matched by `screenId`), the form of numbers, nor by empty against absent in `metadata`, `references`, screens'
/// `interactions` and the list of screens. Unlike the free-form `contents`, where everything counts.
bool same(const Flow& a, const Flow& b);

/// Where two flows differ, as pointers into the flow (`/contents/tasks/3/name`, `/screens/<screenId>/contents/…`).
/// Views into both flows.
std::vector<json::Difference> differences(const Flow& before, const Flow& after);

/// Whether the service, whose export is `exported`, holds what `sent` asked for: everything that was sent is there,
/// `contents` and screens exactly so, and whatever `metadata`, `references` or the flow itself have beyond it is the
/// service's own: it does not stem from `before`, what the service was sent the time before (null: nothing).
bool holds(const Flow& exported, const Flow& sent, const Flow* before);

/// `sha256:<hex>` of the flow's value: equal for flows that are `same`.
std::string digest(const Flow& flow);

}  // namespace flowship::flow
