#include "deploy/plan/decisions.hpp"

#include "base/text/glob.hpp"
#include "base/text/letter_case.hpp"
#include "deploy/config/unmatched_sources.hpp"
#include "flow/model/built_in.hpp"
#include "flow/model/subflows.hpp"

#include <algorithm>
#include <map>
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
  const bool is_protected = std::any_of(rules.protect.begin(), rules.protect.end(),
                                        [&](const std::string& glob) { return matches_glob(glob, id); });
  if (is_protected) return LeftBehind{.removal = removal, .why = Why::is_protected, .user = {}};
  const std::vector<std::string> users = rules.users_of(id);
  if (!users.empty()) return LeftBehind{.removal = removal, .why = Why::used, .user = users.front()};
  return std::nullopt;
}

/// Whether the policy lets an edited or deleted flow of the change set be sent.
Treatment treatment_of(const Change& change, OnDrift policy) {
  if (!change.live) return Treatment::send;
  switch (change.live->match) {
    case LiveMatch::as_desired:
      return Treatment::record;
    case LiveMatch::edited:
    case LiveMatch::foreign:
    case LiveMatch::missing:
      return policy == OnDrift::overwrite ? Treatment::send : Treatment::leave;
    case LiveMatch::unknown:
      return Treatment::unknown;
    case LiveMatch::as_deployed:
    case LiveMatch::merged:
      return Treatment::send;
  }
  return Treatment::send;
}

Drift drift_of(const std::string& flow_id, const LiveFlow& live) {
  return {
      .flow_id = flow_id, .match = live.match, .edits = live.edits, .error = live.error, .is_refused = live.is_refused};
}

Drift removed_drift_of(const std::string& flow_id, const LiveFlow& live) {
  Drift drift = drift_of(flow_id, live);
  drift.is_removed = true;
  return drift;
}

/// The flows that a flow runs on the service, as far as that is known.
std::set<std::string> held_subflows(const LiveFlow* live, const std::optional<flow::Flow>& before) {
  if (live != nullptr && live->subflows) return *live->subflows;
  if (!before) return {};
  std::set<std::string> subflows = flow::subflows_of(*before);
  flow::rest(*before);
  return subflows;
}

std::set<std::string> held_subflows(const Change& change) {
  return held_subflows(change.live ? &*change.live : nullptr, change.before);
}

bool is_deletion(const Change& change) {
  return change.action == Action::remove && change.treatment != Treatment::record;
}

/// Flows that stay on the service as they are, with the flows that they run.
using Users = std::map<std::string, std::set<std::string>>;

/// Leaves behind what a flow that stays still runs, and what that runs in turn.
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

/// Takes one live state into one plan.
class Decision {
 public:
  Decision(Plan& plan, LiveState& state, OnDrift policy, const LastDeployed& last)
      : plan_(plan), state_(state), policy_(policy), last_(last) {
    plan_.drift.emplace();
    plan_.not_compared = state.not_compared;
  }

  void make() {
    for (Change& change : plan_.changes) decide(change);
    keep_edited_removals();
    record_gone();
    for (auto& [id, live] : state_.flows) {
      if (!decided_.contains(id)) look_at_kept(id, live);
    }
    restore();
    keep_what_is_used();
    sort_left_behind(plan_);
    wait_for_users();
    std::sort(plan_.drift->begin(), plan_.drift->end(),
              [](const Drift& a, const Drift& b) { return a.flow_id < b.flow_id; });
    stop_at_drift();
  }

 private:
  void decide(Change& change) {
    const auto found = state_.flows.find(change.flow_id);
    if (found == state_.flows.end()) return;
    decided_.insert(change.flow_id);
    change.live = std::move(found->second);
    change.treatment = treatment_of(change, policy_);
    if (change.live->match == LiveMatch::missing) change.action = Action::create;
    if (is_drift(change.live->match) || change.live->match == LiveMatch::unknown) {
      const bool is_removal = change.action == Action::remove;
      plan_.drift->push_back((is_removal ? removed_drift_of : drift_of)(change.flow_id, *change.live));
    }
  }

  /// What was edited in the console is never deleted, and what is unknown neither.
  void keep_edited_removals() {
    std::erase_if(plan_.changes, [&](const Change& change) {
      if (change.action != Action::remove || !change.live) return false;
      const bool is_unknown = change.live->match == LiveMatch::unknown;
      if (!is_unknown && change.live->match != LiveMatch::edited) return false;
      plan_.left_behind.push_back({.removal = change, .why = is_unknown ? Why::unknown : Why::edited, .user = {}});
      plan_.warnings.push_back(plan_.left_behind.back().sentence() + "; " +
                               removed_drift_of(change.flow_id, *change.live).hint(plan_.name_in_commands));
      return true;
    });
  }

  /// Flows that neither the repository nor the service has any more: only the ledger does.
  void record_gone() {
    std::erase_if(plan_.left_behind, [&](LeftBehind& flow) {
      // An edited removal, which was decided before.
      if (flow.removal.live) return false;
      const auto found = state_.flows.find(flow.removal.flow_id);
      if (found == state_.flows.end()) return false;
      decided_.insert(flow.removal.flow_id);
      if (found->second.match != LiveMatch::missing) {
        const LiveMatch match = found->second.match;
        const bool counts = is_drift(match) || match == LiveMatch::unknown;
        if (counts) plan_.drift->push_back(removed_drift_of(flow.removal.flow_id, found->second));
        return false;
      }
      flow.removal.live = std::move(found->second);
      flow.removal.treatment = Treatment::record;
      (plan_.prune ? plan_.changes : plan_.gone).push_back(std::move(flow.removal));
      return true;
    });
  }

  const LiveFlow* live_of(const std::string& id) const {
    const auto found = state_.flows.find(id);
    return found == state_.flows.end() ? nullptr : &found->second;
  }

  /// The flows that nothing is sent of, and that are not as desired.
  Users users_that_stay() const {
    Users users;
    for (const Change& change : plan_.changes) {
      const bool stays = change.treatment == Treatment::leave || change.treatment == Treatment::unknown;
      if (change.action != Action::remove && stays) users[change.flow_id] = held_subflows(change);
    }
    for (const LeftBehind& flow : plan_.left_behind) {
      const Change& removal = flow.removal;
      users[removal.flow_id] = held_subflows(removal.live ? &*removal.live : live_of(removal.flow_id), removal.before);
    }
    for (const Change& change : plan_.left_out) users[change.flow_id] = held_subflows(change);
    std::set<std::string> unknown;
    for (const auto& [id, live] : state_.flows) {
      if (decided_.contains(id) || to_restore_.contains(id)) continue;
      if (live.subflows && is_drift(live.match)) users[id] = *live.subflows;
      if (live.match == LiveMatch::unknown) unknown.insert(id);
    }
    for (const Deployed& flow : last_.flows(unknown)) users[flow.id] = held_subflows(nullptr, flow.sent);
    return users;
  }

  void keep_what_is_used() {
    if (std::none_of(plan_.changes.begin(), plan_.changes.end(), is_deletion)) return;
    const std::size_t known = plan_.left_behind.size();
    keep_used(plan_, users_that_stay());
    for (std::size_t at = known; at < plan_.left_behind.size(); ++at) {
      plan_.warnings.push_back(plan_.left_behind[at].sentence());
    }
  }

  /// Nothing is deleted before what ran it, and not if that failed.
  void wait_for_users() {
    if (std::none_of(plan_.changes.begin(), plan_.changes.end(), is_deletion)) return;
    Users users;
    flow::SubflowGraph removed;
    for (const Change& change : plan_.changes) {
      if (change.treatment != Treatment::send) continue;
      const std::set<std::string> subflows = held_subflows(change);
      for (const std::string& id : subflows) users[id].insert(change.flow_id);
      if (change.action == Action::remove) removed[change.flow_id] = subflows;
    }
    std::map<std::string, std::size_t> place;
    for (const std::string& id : flow::subflow_order(removed).ids) place.emplace(id, place.size());
    for (Change& change : plan_.changes) {
      if (!is_deletion(change)) continue;
      change.after.clear();
      for (const std::string& user : users[change.flow_id]) {
        // In a cycle of deletions only some can be waited for.
        const auto deletion = place.find(user);
        if (deletion == place.end() || deletion->second > place.at(change.flow_id)) change.after.push_back(user);
      }
    }
  }

  void look_at_kept(const std::string& id, const LiveFlow& live) {
    if (live.tag && live.match == LiveMatch::as_deployed && live.tag != last_.tag(id)) plan_.new_tags[id] = *live.tag;
    if (!is_drift(live.match) && live.match != LiveMatch::unknown) return;
    plan_.drift->push_back(drift_of(id, live));
    if (policy_ == OnDrift::overwrite && live.match != LiveMatch::unknown) to_restore_.insert(id);
  }

  void restore() {
    for (Deployed& flow : last_.flows(to_restore_)) {
      if (!flow.sent) {
        plan_.warnings.push_back("`" + flow.id + "` can't be restored: the ledger does not say how it was sent");
        continue;
      }
      LiveFlow& live = state_.flows[flow.id];
      const bool is_missing = live.match == LiveMatch::missing;
      Change change;
      change.flow_id = flow.id;
      change.action = is_missing ? Action::create : Action::update;
      change.reason = is_missing ? Reason::missing : Reason::drifted;
      change.before = flow.sent;
      change.deployed_paths = paths_of(flow.sent->source);
      change.flow = std::move(flow.sent);
      use_new_files(change);
      change.paths = paths_of(change.flow->source);
      change.exact = last_.is_exact(flow.id);
      change.live = std::move(live);
      plan_.changes.push_back(std::move(change));
      --plan_.unchanged;
    }
    if (!to_restore_.empty()) put_in_order(plan_);
  }

  /// A flow whose files changed in form alone is recorded with the new ones.
  void use_new_files(Change& change) {
    const auto found = std::find_if(plan_.reformatted.begin(), plan_.reformatted.end(),
                                    [&](const Reformatted& flow) { return flow.flow_id == change.flow_id; });
    if (found == plan_.reformatted.end()) return;
    change.flow->source = found->source;
    plan_.reformatted.erase(found);
  }

  void stop_at_drift() {
    const bool is_stopped =
        policy_ == OnDrift::adopt
            ? std::any_of(plan_.drift->begin(), plan_.drift->end(),
                          [](const Drift& flow) { return is_drift(flow.match) && !flow.is_removed; })
            : policy_ == OnDrift::fail &&
                  std::any_of(plan_.changes.begin(), plan_.changes.end(),
                              [](const Change& change) { return change.treatment == Treatment::leave; });
    plan_.stopped_by_drift = is_stopped;
    if (!is_stopped) return;
    for (Change& change : plan_.changes) {
      if (change.treatment != Treatment::leave) change.treatment = Treatment::withhold;
    }
  }

  Plan& plan_;
  LiveState& state_;
  const OnDrift policy_;
  const LastDeployed& last_;
  std::set<std::string> decided_;
  std::set<std::string> to_restore_;
};

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
  if (std::any_of(plan.changes.begin(), plan.changes.end(), is_removal)) {
    Users users;
    for (const LeftBehind& flow : plan.left_behind) users[flow.removal.flow_id] = held_subflows(flow.removal);
    for (const Change& change : plan.left_out) users[change.flow_id] = held_subflows(change);
    keep_used(plan, std::move(users));
  }
  const auto deletions = std::count_if(plan.changes.begin(), plan.changes.end(), is_removal);
  if (deletions > rules.max_deletes) {
    for (const Change& change : plan.changes) {
      if (is_removal(change)) plan.left_behind.push_back({.removal = change, .why = Why::too_many, .user = {}});
    }
    std::erase_if(plan.changes, is_removal);
  }
  sort_left_behind(plan);
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

Lookup lookup_of(const Change& change) {
  return {.flow_id = change.flow_id,
          .versions = {.intent = change.action == Action::remove ? Intent::remove : Intent::send,
                       .is_deployed = change.action != Action::create,
                       .desired = change.flow ? &*change.flow : nullptr,
                       .sent = change.before ? &*change.before : nullptr}};
}

LiveQuery live_query(const Plan& plan, const LastDeployed& last, const Environment& environment) {
  LiveQuery query{.changes = {}, .kept = {}, .ignore_drift = environment.ignore_drift};
  std::set<std::string> others;
  for (const Change& change : plan.changes) {
    query.changes.push_back(lookup_of(change));
    others.insert(change.flow_id);
  }
  for (const Change& change : plan.left_out) others.insert(change.flow_id);
  const std::set<std::string> only(plan.chosen.begin(), plan.chosen.end());
  for (const std::string& id : last.ids()) {
    if (!others.contains(id) && (only.empty() || only.contains(id))) query.kept.push_back(id);
  }
  return query;
}

void add_live_state(Plan& plan, LiveState state, OnDrift policy, const LastDeployed& last) {
  Decision(plan, state, policy, last).make();
}

}  // namespace flowship::deploy
