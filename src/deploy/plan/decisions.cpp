#include "deploy/plan/decisions.hpp"

#include "flow/model/built_in.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>
#include <utility>

namespace flowship::deploy {

namespace {

using Why = LeftBehind::Why;

/// Why a removal is not carried out; nothing when it may be.
std::optional<LeftBehind> left_behind(const Change& removal, const DeletionRules& rules) {
  const std::string& id = removal.flow_id;
  if (!rules.prune) return LeftBehind{.removal = removal, .why = Why::not_pruned, .user = {}};
  if (flow::is_built_in(id)) {
    return LeftBehind{.removal = removal, .why = Why::built_in, .user = {}};
  }
  if (rules.protect.contains(id)) return LeftBehind{.removal = removal, .why = Why::is_protected, .user = {}};
  const std::vector<std::string> users = rules.users_of(id);
  if (!users.empty()) return LeftBehind{.removal = removal, .why = Why::used, .user = users.front()};
  return std::nullopt;
}

Treatment treatment_of(const Change& change, OnDrift policy) {
  if (!change.live) return Treatment::send;
  switch (change.live->match) {
    case LiveMatch::as_desired:
      return Treatment::record;
    case LiveMatch::edited:
      return policy == OnDrift::overwrite && change.action != Action::remove ? Treatment::send : Treatment::leave;
    case LiveMatch::as_deployed:
    case LiveMatch::missing:
      return Treatment::send;
  }
  return Treatment::send;
}

}  // namespace

void decide_deletions(Plan& plan, const DeletionRules& rules) {
  plan.prune = rules.prune;
  const auto is_removal = [](const Change& change) { return change.action == Action::remove; };
  std::erase_if(plan.changes, [&](const Change& change) {
    if (!is_removal(change)) return false;
    std::optional<LeftBehind> left = left_behind(change, rules);
    if (left) plan.left_behind.push_back(std::move(*left));
    return left.has_value();
  });
  const auto deletions = std::count_if(plan.changes.begin(), plan.changes.end(), is_removal);
  if (deletions <= rules.max_deletes) return;
  for (const Change& change : plan.changes) {
    if (is_removal(change)) plan.left_behind.push_back({.removal = change, .why = Why::too_many, .user = {}});
  }
  std::erase_if(plan.changes, is_removal);
  plan.refusal.emplace(std::to_string(deletions) + " flows would be deleted, but at most " +
                           std::to_string(rules.max_deletes) + " are allowed; nothing was sent",
                       "if this is intended, pass --max-deletes " + std::to_string(deletions));
  std::sort(plan.left_behind.begin(), plan.left_behind.end(),
            [](const LeftBehind& a, const LeftBehind& b) { return a.removal.flow_id < b.removal.flow_id; });
}

Lookup lookup_of(const Change& change) {
  return {.flow_id = change.flow_id,
          .versions = {.intent = change.action == Action::remove ? Intent::remove : Intent::send,
                       .is_deployed = change.action != Action::create,
                       .desired = change.flow ? &*change.flow : nullptr,
                       .sent = change.before ? &*change.before : nullptr}};
}

void add_live_state(Plan& plan, LiveState state, OnDrift policy) {
  bool has_edited = false;
  for (Change& change : plan.changes) {
    const auto found = state.flows.find(change.flow_id);
    if (found == state.flows.end()) continue;
    change.live = std::move(found->second);
    change.treatment = treatment_of(change, policy);
    has_edited = has_edited || change.live->match == LiveMatch::edited;
  }
  plan.stopped_by_drift = has_edited && (policy == OnDrift::fail || policy == OnDrift::adopt);
  if (!plan.stopped_by_drift) return;
  for (Change& change : plan.changes) {
    if (change.treatment != Treatment::leave) change.treatment = Treatment::withhold;
  }
}

}  // namespace flowship::deploy
