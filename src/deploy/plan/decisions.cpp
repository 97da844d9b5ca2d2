#include "deploy/plan/decisions.hpp"

#include "deploy/plan/deletions.hpp"

#include <algorithm>
#include <utility>

namespace flowship::deploy {

namespace {

using Why = LeftBehind::Why;

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

/// Takes one live state into one plan.
class Decision {
 public:
  Decision(Plan& plan, LiveState& state, OnDrift policy, const LastDeployed& last)
      : plan_(plan), state_(state), policy_(policy), last_(last) {
    plan_.drift.emplace();
    plan_.not_compared = state.not_compared;
  }

  void make() {
    if (plan_.most_deletions) lift_limit(plan_);
    for (Change& change : plan_.changes) decide(change);
    keep_edited_removals();
    record_gone();
    for (auto& [id, live] : state_.flows) {
      if (!decided_.contains(id)) look_at_kept(id, live);
    }
    restore();
    keep_what_is_used();
    if (plan_.most_deletions) limit_deletions(plan_, *plan_.most_deletions);
    sort_left_behind(plan_);
    wait_for_users(plan_);
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

  /// The flows that nothing is sent of, and that are not as desired.
  Users users_that_stay() const {
    Users users = users_left(plan_, state_.flows);
    for (const Change& change : plan_.changes) {
      const bool stays = change.treatment == Treatment::leave || change.treatment == Treatment::unknown;
      if (change.action != Action::remove && stays) users[change.flow_id] = held_subflows(change);
    }
    std::set<std::string> unknown;
    for (const auto& [id, live] : state_.flows) {
      if (decided_.contains(id) || to_restore_.contains(id)) continue;
      if (live.subflows && is_drift(live.match)) users[id] = *live.subflows;
      if (live.match == LiveMatch::unknown) unknown.insert(id);
    }
    for (const Deployed& flow : last_.flows(unknown)) users[flow.id] = held_subflows(flow);
    for (const auto& [id, subflows] : state_.other_users) {
      if (subflows) users[id] = *subflows;
    }
    return users;
  }

  void keep_what_is_used() {
    if (std::none_of(plan_.changes.begin(), plan_.changes.end(), is_deletion)) return;
    const std::size_t known = plan_.left_behind.size();
    keep_used(plan_, users_that_stay());
    keep_what_may_be_used();
    for (std::size_t at = known; at < plan_.left_behind.size(); ++at) {
      plan_.warnings.push_back(plan_.left_behind[at].sentence());
    }
  }

  /// While a flow can't be exported, it may run any of those to delete.
  void keep_what_may_be_used() {
    const auto unknown = std::find_if(state_.other_users.begin(), state_.other_users.end(),
                                      [](const auto& other) { return !other.second; });
    if (unknown == state_.other_users.end()) return;
    std::erase_if(plan_.changes, [&](const Change& change) {
      if (!is_deletion(change)) return false;
      plan_.left_behind.push_back({.removal = change, .why = Why::unknown, .user = unknown->first});
      return true;
    });
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
            ? std::any_of(plan_.drift->begin(), plan_.drift->end(), [](const Drift& flow) { return flow.counts(); })
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
  if (plan.most_deletions) {
    for (const LeftBehind& flow : plan.left_behind) {
      if (flow.why != Why::too_many) continue;
      query.changes.push_back(lookup_of(flow.removal));
      others.insert(flow.removal.flow_id);
    }
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
