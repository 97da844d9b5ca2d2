#include "deploy/plan/pruning.hpp"

#include "base/error.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace flowship::deploy {

namespace {

/// Why a flow is kept; empty when it may be deleted.
std::string why_kept(const Change& change, const Environment& environment) {
  // The service refuses to delete these (its page "Managing Descope Flows").
  constexpr std::array<std::string_view, 4> kUndeletable{"sign-up-or-in", "sign-up", "sign-in", "step-up"};
  if (std::find(kUndeletable.begin(), kUndeletable.end(), change.flow_id) != kUndeletable.end()) {
    return "the service does not let it be deleted";
  }
  if (environment.protect.contains(change.flow_id)) return "flowship.json protects it";
  if (!change.used_by.empty()) return "`" + change.used_by.front() + "` still uses it as a subflow";
  return {};
}

}  // namespace

Pruning choose_removals(const Plan& plan, const Environment& environment, int most) {
  Pruning pruning;
  for (const Change& change : plan.changes) {
    if (change.action != Action::remove) continue;
    const std::string why = why_kept(change, environment);
    if (why.empty()) {
      pruning.removals.insert(change.flow_id);
    } else {
      pruning.kept.push_back("`" + change.flow_id + "` is not deleted: " + why);
    }
  }
  if (pruning.removals.size() > static_cast<std::size_t>(most)) {
    throw Error(std::to_string(pruning.removals.size()) + " flows would be deleted, and at most " +
                    std::to_string(most) + " may be at once; nothing was sent",
                "if that is what you want, allow it with --max-deletes " + std::to_string(pruning.removals.size()));
  }
  return pruning;
}

}  // namespace flowship::deploy
