#include "deploy/plan/planner.hpp"

#include "base/error.hpp"
#include "base/files/path.hpp"
#include "base/text/did_you_mean.hpp"
#include "base/text/glob.hpp"
#include "base/text/letter_case.hpp"
#include "base/text/printable.hpp"
#include "deploy/config/command_hint.hpp"
#include "deploy/guarantees/guarantee_changes.hpp"
#include "deploy/ledger/deployed_flows.hpp"
#include "deploy/ledger/last_known.hpp"
#include "deploy/live/session.hpp"
#include "deploy/plan/checks/flow_check.hpp"
#include "deploy/plan/checks/id_conflicts.hpp"
#include "deploy/plan/checks/unsendable.hpp"
#include "deploy/plan/comparison.hpp"
#include "deploy/plan/decisions.hpp"
#include "deploy/plan/deletions.hpp"
#include "deploy/plan/flow_index.hpp"
#include "flow/compare/compare.hpp"
#include "flow/model/subflows.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace flowship::deploy {

namespace {

/// Builds one plan; its steps in the order of `build`.
class Planner {
 public:
  Planner(const Workspace& workspace, const std::optional<LedgerEntry>& head, const PlanRequest& request)
      : workspace_(workspace),
        head_(head),
        request_(request),
        flow_index_(workspace.revision, {.sources = workspace.config.sources, .known = {}}),
        overrides_changed_(head && head->record.overrides != workspace.environment.overrides) {}

  Plan build(const std::string& project_id) {
    comparison_ = compare(workspace_, head_, overrides_changed_ ? ReadFlows::all : ReadFlows::changed);
    describe(project_id);
    index();
    refuse_duplicates();
    compare_flows();
    count_unchanged();
    restrict_to_chosen();
    choose_deletions();
    warn_of_nothing();
    put_in_order(plan_);
    validate();
    compare_guarantees();
    return std::move(plan_);
  }

 private:
  void describe(const std::string& project_id) {
    plan_.environment = workspace_.environment.name;
    plan_.name_in_commands = workspace_.environment.name_in_commands();
    plan_.project_id = project_id;
    plan_.target = workspace_.revision.name();
    if (head_) {
      plan_.base = head_->commit;
      if (plan_.project_id.empty()) plan_.project_id = head_->record.project_id;
      if (head_->record.phase == Phase::intent) {
        plan_.warnings.push_back("a deployment is running or was interrupted: " + holder_text(head_->record));
      }
      for (const auto& [flow_id, state] : head_->record.unsettled) {
        if (!state.payload.empty()) continue;
        plan_.warnings.push_back("the live state of `" + flow_id + "` is unknown; the next deployment queries it");
      }
    }
  }

  void index() {
    for (const flow::Flow& flow : comparison_.before.flows) before_.emplace(flow.id, &flow);
    for (const flow::Flow& flow : comparison_.after.flows) {
      after_.emplace(flow.id, &flow);
      if (!flow.complete) unread_paths_.insert(flow.source.path);
      flow_index_.look_first_in(std::string(folder_of(flow.source.path)));
    }
    for (const flow::Problem& problem : comparison_.after.problems) unread_paths_.insert(problem.path);
  }

  /// Conflicts among the flows that were read are problems already; adds those with unchanged flows.
  void refuse_duplicates() {
    if (!head_ || overrides_changed_) return;
    const bool has_new =
        std::any_of(after_.begin(), after_.end(), [this](const auto& item) { return !before_.contains(item.first); });
    if (!has_new) return;
    add_id_conflicts(flow_index_, comparison_.after);
  }

  void compare_flows() {
    for (const auto& [id, flow] : after_) {
      if (!flow->complete) {
        broken_.insert(id);
        if (before_.contains(id)) plan_.unread.push_back(id);
        continue;
      }
      const auto old = before_.find(id);
      if (old == before_.end()) {
        add_change(*flow, nullptr);
      } else {
        add_if_different(*flow, *old->second);
      }
    }
    for (const auto& [id, flow] : before_) {
      if (after_.contains(id)) continue;
      // A source that can't be read is broken, not removed; a flow whose file another flow has now is removed.
      if (unread_paths_.contains(flow->source.path)) {
        plan_.unread.push_back(id);
      } else {
        add_removal(*flow);
      }
    }
  }

  void add_if_different(const flow::Flow& flow, const flow::Flow& old) {
    const flow::Flow now = to_send(flow);
    const bool is_same = is_deployed(now, flow, old);
    flow::rest(now);
    flow::rest(old);
    if (is_same) {
      if (!are_same_files(workspace_.revision, flow.source.files, old.source.files)) {
        plan_.reformatted.push_back(
            {.flow_id = flow.id, .source = flow.source, .deployed_paths = paths_of(old.source)});
      }
      return;
    }
    add_change(flow, &old);
  }

  /// Whether `now` is what was last sent for this flow.
  bool is_deployed(const flow::Flow& now, const flow::Flow& flow, const flow::Flow& old) const {
    if (const Unsettled* unsettled = unsettled_of(flow.id)) return unsettled->payload == flow::digest(now);
    const std::optional<flow::Flow> sent = as_sent(old, head_->record);
    return sent && flow::same(*sent, now);
  }

  std::string exact_digest(const std::string& flow_id) const {
    const auto found = workspace_.exact.find(flow_id);
    return found == workspace_.exact.end() ? std::string() : found->second;
  }

  flow::Flow to_send(const flow::Flow& flow) const {
    try {
      return deploy::to_send(flow, workspace_.environment.overrides, exact_digest(flow.id));
    } catch (Error& error) {
      const check::ConfiguredName at = place_of_set(flow, workspace_.config.check, workspace_.environment.name);
      throw error.within(at.path + ":" + std::to_string(at.line) + ":" + std::to_string(at.column));
    }
  }

  const Unsettled* unsettled_of(const std::string& flow_id) const {
    if (!head_) return nullptr;
    const auto found = head_->record.unsettled.find(flow_id);
    return found == head_->record.unsettled.end() ? nullptr : &found->second;
  }

  void add_change(const flow::Flow& flow, const flow::Flow* old) {
    Change change;
    change.flow_id = flow.id;
    change.action = old == nullptr ? Action::create : Action::update;
    change.reason = old == nullptr ? Reason::added : Reason::changed;
    change.paths = paths_of(flow.source);
    change.flow = to_send(flow);
    const std::string exact = exact_digest(flow.id);
    change.exact = !exact.empty() && change.digest() == exact;
    const Unsettled* unsettled = unsettled_of(flow.id);
    const bool is_uncertain = unsettled != nullptr && unsettled->payload.empty();
    if (old != nullptr) {
      change.before = as_sent(*old, head_->record);
      change.deployed_paths = paths_of(old->source);
      if ((overrides_changed_ || (unsettled != nullptr && !is_uncertain)) && flow::same(flow, *old)) {
        change.reason = Reason::config;
      }
      if (change.before) flow::rest(*change.before);
    }
    flow::rest(*change.flow);
    plan_.changes.push_back(std::move(change));
  }

  void add_removal(const flow::Flow& flow) {
    Change change;
    change.flow_id = flow.id;
    change.action = Action::remove;
    change.reason = Reason::removed;
    change.paths = paths_of(flow.source);
    change.deployed_paths = change.paths;
    change.before = as_sent(flow, head_->record);
    plan_.changes.push_back(std::move(change));
  }

  void count_unchanged() {
    const auto touched = std::count_if(plan_.changes.begin(), plan_.changes.end(),
                                       [](const Change& change) { return change.action != Action::create; });
    plan_.unchanged = std::max((head_ ? head_->record.total : 0) - static_cast<int>(touched), 0);
  }

  void restrict_to_chosen() {
    if (request_.flows.empty()) return;
    plan_.chosen = with_globs_resolved(request_.flows, known_ids());
    const std::set<std::string> chosen(plan_.chosen.begin(), plan_.chosen.end());
    for (const std::string& id : chosen) expect_known(id);
    const auto is_left_out = [&](const Change& change) { return !chosen.contains(change.flow_id); };
    const auto kept = std::stable_partition(plan_.changes.begin(), plan_.changes.end(),
                                            [&](const Change& change) { return !is_left_out(change); });
    plan_.left_out.assign(std::make_move_iterator(kept), std::make_move_iterator(plan_.changes.end()));
    plan_.changes.erase(kept, plan_.changes.end());
    std::erase_if(plan_.reformatted, [&](const Reformatted& flow) { return !chosen.contains(flow.flow_id); });
    leave_out_broken(chosen);
    std::erase_if(broken_, [&](const std::string& id) { return !chosen.contains(id); });
  }

  /// Deployed flows that can't be read now stay as they were sent, with the overrides of then.
  void leave_out_broken(const std::set<std::string>& chosen) {
    if (!overrides_changed_) return;
    for (const auto& [id, old] : before_) {
      const auto now = after_.find(id);
      const bool is_broken = now == after_.end() ? unread_paths_.contains(old->source.path) : !now->second->complete;
      if (!is_broken || chosen.contains(id)) continue;
      Change change;
      change.flow_id = id;
      change.reason = Reason::config;
      change.before = as_sent(*old, head_->record);
      change.deployed_paths = paths_of(old->source);
      plan_.left_out.push_back(std::move(change));
    }
  }

  /// Of the repository, and of what was removed from it.
  std::vector<std::string> known_ids() const {
    std::vector<std::string> ids;
    for (const auto& [id, paths] : flow_index_.sources()) ids.push_back(id);
    for (const auto& [id, flow] : before_) ids.push_back(id);
    return ids;
  }

  void expect_known(const std::string& id) const {
    if (before_.contains(id) || after_.contains(id) || flow_index_.sources().contains(id)) return;
    const std::string nearest = did_you_mean(id, known_ids());
    throw usage_error("there is no flow `" + printable(id) + "` at " + workspace_.revision.name(),
                      nearest.empty()
                          ? command_hint("status", workspace_.environment.name_in_commands()) + " lists the flows"
                          : nearest);
  }

  void choose_deletions() {
    const Environment& environment = workspace_.environment;
    decide_deletions(plan_, {.prune = request_.prune.value_or(environment.prune),
                             .protect = environment.protect,
                             .users_of = [this](const std::string& id) { return flow_index_.users_of(id); }});
    plan_.refusal = refused_deletion(plan_, workspace_, flow_index_);
    warn_of_unmatched_protection(plan_, environment.protect, [this] { return known_ids(); });
    for (const LeftBehind& flow : plan_.left_behind) {
      if (flow.why != LeftBehind::Why::not_pruned) plan_.warnings.push_back(flow.sentence());
    }
    const int most = request_.max_deletes.value_or(environment.max_deletes);
    if (limit_deletions(plan_, most)) {
      if (!plan_.refusal) plan_.most_deletions = most;
      plan_.refusal.reset();
    }
    if (std::optional<Error> other = other_project(head_, environment, plan_.project_id))
      plan_.refusal = std::move(other);
  }

  void warn_of_nothing() {
    if (plan_.unchanged > 0 || !after_.empty() || !unread_paths_.empty() || workspace_.from_ledger) return;
    std::string places;
    for (const std::string& source : workspace_.config.sources) places += (places.empty() ? "" : ", ") + source;
    const std::optional<git::ObjectId> commit = git::ObjectId::from_hex(workspace_.revision.name());
    plan_.warnings.push_back("there are no flows at " + (commit ? commit->abbreviated() : workspace_.revision.name()) +
                             (places.empty() ? "" : " in " + printable(places)) +
                             "; `flowship pull` writes those of the service into the working tree, to commit");
  }

  /// Ids that differ in case alone are reported for one of the two, which may not be the one to send.
  void add_look_alikes(std::set<std::string>& concerned) const {
    std::set<std::string> lower;
    for (const std::string& id : concerned) lower.insert(lower_case(id));
    for (const flow::Problem& problem : comparison_.after.problems) {
      if (problem.kind == flow::ProblemKind::id_case && lower.contains(lower_case(problem.flow_id))) {
        concerned.insert(problem.flow_id);
      }
    }
  }

  /// The findings of the flows to send, and of those that can't be.
  void validate() {
    std::set<std::string> concerned = broken_;
    std::set<std::string> known;
    for (const Change& change : plan_.changes) concerned.insert(change.flow_id);
    for (const LeftBehind& flow : plan_.left_behind) concerned.insert(flow.removal.flow_id);
    for (const auto& [id, flow] : after_) known.insert(id);
    add_look_alikes(concerned);
    plan_.findings = check::check(comparison_.after, workspace_.config.check, &flow_index_);
    std::erase_if(plan_.findings, [&](const check::Finding& finding) {
      // What the service itself held before can be restored whatever the rules say.
      if (workspace_.exact.contains(finding.flow_id)) return true;
      if (concerned.contains(finding.flow_id)) return false;
      // A file whose flow is unknown stops everything, unless the request names flows.
      return known.contains(finding.flow_id) || !request_.flows.empty();
    });
    check_policies_of_others();
    check_overrides();
    check_names();
    if (!plan_.refusal) plan_.refusal = unsendable(plan_, comparison_.after, broken_, request_.flows.empty());
    if (plan_.refusal)
      plan_.warnings.push_back(plan_.refusal->message() + "; `deploy` refuses this: " + plan_.refusal->hint());
  }

  /// The policies in the flows that stay as they are and may run one that changes.
  void check_policies_of_others() {
    if (workspace_.config.check.policies.empty() || workspace_.from_ledger) return;
    std::set<std::string> changed;
    for (const Change& change : plan_.changes) changed.insert(change.flow_id);
    const flow::Reading others = flow_index_.running(changed);
    for (check::Finding& finding : check::check_policies(others, workspace_.config.check, &flow_index_)) {
      plan_.findings.push_back(std::move(finding));
    }
  }

  /// What is sent is not what the source says where the environment sets something else.
  void check_overrides() {
    std::set<std::string> wrong;
    for (const check::Finding& finding : plan_.findings) {
      if (finding.severity == check::Severity::error) wrong.insert(finding.flow_id);
    }
    for (const Change& change : plan_.changes) {
      if (!change.flow || change.exact || wrong.contains(change.flow_id)) continue;
      if (!flow::touches(workspace_.environment.overrides, *after_.at(change.flow_id))) continue;
      for (check::Finding& finding :
           errors_of_overrides(*change.flow, workspace_.config.check, plan_.environment, flow_index_)) {
        plan_.findings.push_back(std::move(finding));
      }
    }
  }

  /// The last deployed state against the desired one.
  void compare_guarantees() {
    if (!head_) return;
    GuaranteeComparison compared = guarantee_changes(plan_.changes, workspace_.config, [&] {
      return flows_in(workspace_.repository, workspace_.ledger.deployed(*head_));
    });
    for (const LeftBehind& flow : plan_.left_behind) compared.forget(flow.removal.flow_id);
    for (check::Finding& finding : guarantee_findings(compared, workspace_.config))
      plan_.findings.push_back(std::move(finding));
    note_open_paths(compared.changes, plan_.changes);
    plan_.guarantees = std::move(compared.changes);
  }

  /// A name of the configuration that nothing has. The whole revision was read where this is new; another time it is
  /// not worth reading everything, and what a ledger tells need not fit what is configured now.
  void check_names() {
    if (workspace_.from_ledger || (head_ && !overrides_changed_)) return;
    for (check::Finding& finding :
         check::check_names(comparison_.after, workspace_.config.check, workspace_.environment.name)) {
      plan_.findings.push_back(std::move(finding));
    }
  }

  const Workspace& workspace_;
  const std::optional<LedgerEntry>& head_;
  const PlanRequest& request_;
  FlowIndex flow_index_;
  const bool overrides_changed_;
  Comparison comparison_;
  std::map<std::string, const flow::Flow*> before_;
  std::map<std::string, const flow::Flow*> after_;
  /// Where the revision has something that can't be read, or not as a flow that could be sent.
  std::set<std::string> unread_paths_;
  /// Flows that are there and can't be sent.
  std::set<std::string> broken_;
  Plan plan_;
};

}  // namespace

Plan make_plan(const Workspace& workspace, const std::optional<LedgerEntry>& head, const std::string& project_id,
               const PlanRequest& request) {
  return Planner(workspace, head, request).build(project_id);
}

Plan plan(Workspace& workspace, const PlanRequest& request, const Variables& variables) {
  std::optional<std::string> warning = fetch_if_reachable(workspace.ledger);
  Plan plan = make_plan(workspace, workspace.ledger.head(), project_id_of(workspace.environment, variables), request);
  if (warning) plan.warnings.push_back(std::move(*warning));
  return plan;
}

}  // namespace flowship::deploy
