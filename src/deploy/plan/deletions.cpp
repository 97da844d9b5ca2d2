#include "deploy/plan/deletions.hpp"

#include "base/text/glob.hpp"
#include "base/text/letter_case.hpp"
#include "base/text/printable.hpp"
#include "deploy/config/unmatched_sources.hpp"
#include "deploy/plan/decisions.hpp"
#include "flow/model/built_in.hpp"
#include "flow/model/subflows.hpp"

#include <algorithm>
#include <utility>

namespace flowship::deploy {

namespace {

using Why = LeftBehind::Why;

bool is_removal(const Change& change) { return change.action == Action::remove; }

/// Why a removal is not carried out; nothing when it may be.
std::optional<LeftBehind> left_behind(const Change& removal, const DeletionRules& rules) {
  const std::string& id = removal.flow_id;
  if (!rules.prune) return LeftBehind{.removal = removal, .why = Why::not_pruned, .user = {}};
  if (flow::is_built_in(id)) {
    return LeftBehind{.removal = removal, .why = Why::built_in, .user = {}};
  }
  const bool is_protected = std::any_of(rules.protect.begin(), rules.protect.end(),
                                        [&](const std::string& glob) { return matches_glob(glob, id); });
  if (is_protected) return LeftBehind{.removal = removal, .why = Why::is_protected, .user = {}};
  const std::vector<std::string> users = rules.users_of(id);
  if (!users.empty()) return LeftBehind{.removal = removal, .why = Why::used, .user = users.front()};
  return std::nullopt;
}

std::set<std::string> held_subflows(const LiveFlow* live, const std::optional<flow::Flow>& before) {
  if (live != nullptr && live->subflows) return *live->subflows;
  if (!before) return {};
  std::set<std::string> subflows = flow::subflows_of(*before);
  flow::rest(*before);
  return subflows;
}

/// A folder among the sources that has none. Null: each has some.
const std::string* source_without_flows(const Workspace& workspace, const FlowIndex& flows) {
  const std::vector<std::string>& sources = workspace.config.sources;
  const auto found = std::find_if(sources.begin(), sources.end(), [&](const std::string& source) {
    if (source.ends_with(".json")) return false;
    const flow::Scope scope{.sources = {source}, .known = {}};
    return std::none_of(flows.sources().begin(), flows.sources().end(), [&](const auto& flow) {
      return std::any_of(flow.second.begin(), flow.second.end(),
                         [&](const std::string& path) { return scope.covers(path); });
    });
  });
  return found == sources.end() ? nullptr : &*found;
}

}  // namespace

bool is_deletion(const Change& change) {
  return change.action == Action::remove && change.treatment != Treatment::record;
}

std::set<std::string> held_subflows(const Change& change) {
  return held_subflows(change.live ? &*change.live : nullptr, change.before);
}

std::set<std::string> held_subflows(const Deployed& flow) { return held_subflows(nullptr, flow.sent); }

Users users_left(const Plan& plan, const std::map<std::string, LiveFlow>& live) {
  Users users;
  for (const LeftBehind& flow : plan.left_behind) {
    const Change& removal = flow.removal;
    const auto found = live.find(removal.flow_id);
    const LiveFlow* const held = removal.live ? &*removal.live : found == live.end() ? nullptr : &found->second;
    users[removal.flow_id] = held_subflows(held, removal.before);
  }
  for (const Change& change : plan.left_out) users[change.flow_id] = held_subflows(change);
  return users;
}

void keep_used(Plan& plan, Users users) {
  for (bool again = true; again;) {
    again = false;
    std::erase_if(plan.changes, [&](const Change& change) {
      if (!is_deletion(change)) return false;
      const auto user = std::find_if(users.begin(), users.end(),
                                     [&](const auto& each) { return each.second.contains(change.flow_id); });
      if (user == users.end()) return false;
      plan.left_behind.push_back({.removal = change, .why = Why::used, .user = user->first});
      users[change.flow_id] = held_subflows(change);
      again = true;
      return true;
    });
  }
}

void sort_left_behind(Plan& plan) {
  std::sort(plan.left_behind.begin(), plan.left_behind.end(),
            [](const LeftBehind& a, const LeftBehind& b) { return a.removal.flow_id < b.removal.flow_id; });
}

void wait_for_users(Plan& plan) {
  if (std::none_of(plan.changes.begin(), plan.changes.end(), is_deletion)) return;
  Users users;
  flow::SubflowGraph removed;
  for (const Change& change : plan.changes) {
    if (change.treatment != Treatment::send) continue;
    const std::set<std::string> subflows = held_subflows(change);
    for (const std::string& id : subflows) users[id].insert(change.flow_id);
    if (change.action == Action::remove) removed[change.flow_id] = subflows;
  }
  std::map<std::string, std::size_t> place;
  for (const std::string& id : flow::subflow_order(removed).ids) place.emplace(id, place.size());
  for (Change& change : plan.changes) {
    if (!is_deletion(change)) continue;
    change.after.clear();
    for (const std::string& user : users[change.flow_id]) {
      // In a cycle of deletions only some can be waited for.
      const auto deletion = place.find(user);
      if (deletion == place.end() || deletion->second > place.at(change.flow_id)) change.after.push_back(user);
    }
  }
}

void decide_deletions(Plan& plan, const DeletionRules& rules) {
  plan.prune = rules.prune;
  std::erase_if(plan.changes, [&](const Change& change) {
    if (!is_removal(change)) return false;
    std::optional<LeftBehind> left = left_behind(change, rules);
    if (left) plan.left_behind.push_back(std::move(*left));
    return left.has_value();
  });
  if (std::any_of(plan.changes.begin(), plan.changes.end(), is_removal)) {
    keep_used(plan, users_left(plan, {}));
  }
  sort_left_behind(plan);
}

bool limit_deletions(Plan& plan, int most) {
  if (std::count_if(plan.changes.begin(), plan.changes.end(), is_deletion) <= most) return false;
  for (const Change& change : plan.changes) {
    if (!is_deletion(change)) continue;
    plan.left_behind.push_back({.removal = change, .why = Why::too_many, .user = {}});
    plan.warnings.push_back(plan.left_behind.back().sentence());
  }
  std::erase_if(plan.changes, is_deletion);
  sort_left_behind(plan);
  return true;
}

void lift_limit(Plan& plan) {
  std::erase_if(plan.left_behind, [&](LeftBehind& flow) {
    if (flow.why != Why::too_many) return false;
    std::erase(plan.warnings, flow.sentence());
    plan.changes.push_back(std::move(flow.removal));
    return true;
  });
  put_in_order(plan);
}

void warn_of_unmatched_protection(Plan& plan, const std::set<std::string>& protect,
                                  const std::function<std::vector<std::string>()>& find_known) {
  if (protect.empty() || std::none_of(plan.changes.begin(), plan.changes.end(), is_removal)) return;
  const std::vector<std::string> known = find_known();
  for (const std::string& glob : protect) {
    if (std::any_of(known.begin(), known.end(), [&](const std::string& id) { return matches_glob(glob, id); }))
      continue;
    plan.warnings.push_back("`protect` names `" + printable(glob) + "`, which matches no flow");
  }
}

std::optional<Error> refused_deletion(const Plan& plan, const Workspace& workspace, const FlowIndex& flows) {
  for (const Change& change : plan.changes) {
    if (change.action != Action::remove) continue;
    const std::string deleted = "`" + change.flow_id + "` would be deleted, but ";
    const std::vector<UnmatchedSource> unmatched =
        workspace.from_ledger ? std::vector<UnmatchedSource>()
                              : unmatched_sources(workspace.revision, workspace.config.sources);
    if (!unmatched.empty()) {
      const std::string& guess = unmatched.front().guess;
      return Error(deleted + unmatched.front().sentence,
                   (guess.empty() ? "correct it; " : guess + " ") +
                       "a source with nothing left in it has to be taken out of `sources`");
    }
    if (const std::string* source = workspace.from_ledger ? nullptr : source_without_flows(workspace, flows)) {
      return Error(deleted + "`sources` lists `" + *source + "`, in which there is no flow",
                   "a source with nothing left in it has to be taken out of `sources`");
    }
    for (const auto& [id, paths] : flows.sources()) {
      if (id == change.flow_id || lower_case(id) != lower_case(change.flow_id)) continue;
      return Error(deleted + "the repository has `" + id + "`, which differs in case only",
                   "keep one spelling: ids are case-sensitive; delete the other flow in the console");
    }
  }
  return std::nullopt;
}

}  // namespace flowship::deploy
