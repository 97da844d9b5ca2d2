#pragma once

#include "flow/model/flow.hpp"
#include "json/compare.hpp"

#include <string>
#include <vector>

namespace flowship::flow {

/// Compares by value, as the service does. Layout, key order, the order of screens (they are matched by `screenId`) and
/// the notation of numbers don't count, nor does empty versus absent in `metadata`, `references`, screens'
/// `interactions` and the list of screens. In the free-form `contents`, empty and absent differ.
bool same(const Flow& a, const Flow& b);

/// Where two flows differ, as pointers into the flow (`/contents/tasks/3/name`, `/screens/<screenId>/contents/…`).
/// Views into both flows.
std::vector<json::Difference> differences(const Flow& before, const Flow& after);

/// Whether another `componentsVersion` than the one that was sent counts: the service raises it by itself.
enum class Upgrades { count, ignored };

/// Whether the service's export `exported` is what `sent` asked for: everything that was sent is there, `contents` and
/// screens exactly up to the order of sets, and whatever else is in `metadata`, `references` or the flow itself was
/// added by the service: it does not come from `before`, which was sent the time before (null: nothing).
bool holds(const Flow& exported, const Flow& sent, const Flow* before, Upgrades upgrades);

/// `sha256:<hex>` of the flow's value: equal if and only if flows are `same`.
std::string digest(const Flow& flow);

}  // namespace flowship::flow
