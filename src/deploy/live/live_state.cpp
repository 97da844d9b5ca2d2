#include "deploy/live/live_state.hpp"

#include "base/parallel.hpp"
#include "base/text/pluralize.hpp"
#include "check/rules/secrets.hpp"
#include "deploy/ledger/kept_export.hpp"
#include "flow/compare/compare.hpp"
#include "flow/compare/drift.hpp"
#include "flow/model/subflows.hpp"

#include <algorithm>
#include <mutex>
#include <set>

namespace flowship::deploy {

namespace {

/// Throws the failure of a call as an `Error` with the right `Fault`.
[[noreturn]] void throw_failure(const std::string& doing, const api::Failure& failure) {
  const bool is_refused = failure.kind == api::Failure::Kind::credentials;
  throw Error(doing + ": " + failure.message, failure.hint, is_refused ? Fault::credentials : Fault::failed);
}

/// Reads one live state.
class LiveReader {
 public:
  LiveReader(const LiveQuery& query, const LastDeployed& last, api::Service& service, Progress& progress)
      : query_(query), last_(last), service_(service), progress_(progress) {}

  LiveState read() {
    progress_.phase("listing the flows of the project", 0);
    state_.listed = list_live_flows(service_);
    for (const Lookup& lookup : query_.changes) add(lookup);
    std::set<std::string> to_compare;
    for (const std::string& id : query_.kept) {
      if (!is_settled_by_list(id)) to_compare.insert(id);
    }
    deployed_ = last_.flows(to_compare);
    for (const Deployed& flow : deployed_) add(lookup_of(flow));
    export_all();
    find_other_users();
    return std::move(state_);
  }

 private:
  static Lookup lookup_of(const Deployed& flow) {
    const flow::Flow* sent = flow.sent ? &*flow.sent : nullptr;
    return {.flow_id = flow.id,
            .versions = {.intent = Intent::keep, .is_deployed = true, .desired = sent, .sent = sent}};
  }

  /// Whether the list alone says what the live state of a flow that stays is.
  bool is_settled_by_list(const std::string& id) {
    LiveFlow live;
    const auto found = state_.listed.find(id);
    live.is_listed = found != state_.listed.end();
    if (live.is_listed) {
      live.tag = found->second;
      const bool is_same = live.tag && live.tag == last_.tag(id);
      const bool is_enough = is_same || (!live.tag && query_.compare == Compare::tagged);
      if (query_.compare == Compare::all || !is_enough) return false;
      state_.not_compared += is_same ? 0 : 1;
    }
    live.match = live.is_listed ? LiveMatch::as_deployed : LiveMatch::missing;
    state_.flows[id] = std::move(live);
    return true;
  }

  std::size_t concurrency() const { return static_cast<std::size_t>(std::max(query_.concurrency, 1)); }

  bool may_trust_tag(const Lookup& lookup) const {
    return lookup.versions.intent != Intent::keep && query_.compare_changes != Compare::all;
  }

  void add(Lookup lookup) {
    const auto listed = state_.listed.find(lookup.flow_id);
    lookup.versions.is_listed = listed != state_.listed.end();
    lookup.versions.ignore_drift = &query_.ignore_drift;
    LiveFlow& live = state_.flows[lookup.flow_id];
    live.is_listed = lookup.versions.is_listed;
    if (live.is_listed) {
      live.tag = listed->second;
      const bool is_same = lookup.versions.is_deployed && live.tag && live.tag == last_.tag(lookup.flow_id);
      if (is_same && may_trust_tag(lookup)) return;
      present_.push_back(std::move(lookup));
    } else {
      live.match = classify(lookup.versions);
    }
  }

  void export_all() {
    if (present_.empty()) return;
    progress_.phase("comparing with the service", present_.size());
    std::mutex mutex;
    for_each_in_parallel(present_.size(), concurrency(), [&](std::size_t number) {
      const Lookup& lookup = present_[number];
      const LiveAnswer answer = read_live_flow(lookup.flow_id, service_);
      // The ledger is not read by several threads at once.
      const std::lock_guard lock(mutex);
      std::optional<flow::Flow> returned;
      if (answer.version) returned = last_.returned(lookup.flow_id, answer.version->exported.text());
      Versions versions = lookup.versions;
      if (returned) versions.returned = &*returned;
      compare(state_.flows[lookup.flow_id], answer, versions);
      for (const flow::Flow* used : {versions.desired, versions.sent, versions.open}) {
        if (used != nullptr) flow::rest(*used);
      }
      progress_.stepped();
    });
  }

  /// What may run a flow that is to be deleted can be unmanaged, or edited where the list tells no versions.
  void find_other_users() {
    const bool deletes = std::any_of(query_.changes.begin(), query_.changes.end(), [this](const Lookup& lookup) {
      return lookup.versions.intent == Intent::remove && state_.listed.contains(lookup.flow_id);
    });
    if (!deletes) return;
    std::set<std::string> exported;
    for (const Lookup& lookup : present_) exported.insert(lookup.flow_id);
    std::vector<std::string> others;
    for (const auto& [id, tag] : state_.listed) {
      const bool is_as_recorded = tag && tag == last_.tag(id);
      if (!is_as_recorded && !exported.contains(id)) others.push_back(id);
    }
    if (others.empty()) return;
    progress_.phase("looking for what uses the flows to delete", others.size());
    std::mutex mutex;
    for_each_in_parallel(others.size(), concurrency(), [&](std::size_t number) {
      const LiveAnswer answer = read_live_flow(others[number], service_);
      const std::lock_guard lock(mutex);
      std::optional<std::set<std::string>>& subflows = state_.other_users[others[number]];
      if (answer.version) subflows = flow::subflows_of(answer.version->flow);
      progress_.stepped();
    });
  }

  void compare(LiveFlow& live, const LiveAnswer& answer, Versions versions) const {
    if (answer.version) versions.live = &answer.version->flow;
    live.match = classify(versions);
    live.error = answer.error;
    live.is_refused = answer.is_refused;
    if (!answer.version) return;
    live.digest = flow::digest(answer.version->flow);
    // What stays as it is runs what the ledger says, and needs no copy of what it would replace.
    if (versions.intent == Intent::keep && !is_drift(live.match)) return;
    live.subflows = flow::subflows_of(answer.version->flow);
    if (is_drift(live.match)) live.edits = edits_of(versions);
    if (query_.keep == Keep::comparison) return;
    live.version = answer.version;
    live.version->exported.rest();
  }

  const LiveQuery& query_;
  const LastDeployed& last_;
  api::Service& service_;
  Progress& progress_;
  LiveState state_;
  std::vector<Deployed> deployed_;
  std::vector<Lookup> present_;
};

}  // namespace

LiveAnswer read_live_flow(const std::string& flow_id, api::Service& service) {
  const api::Exported exported = service.export_flow(flow_id, api::Service::AfterStop::leave);
  if (exported.outcome.ok()) {
    return {.version = LiveVersion({exported.document, exported.flow}), .error = {}, .hint = {}};
  }
  const api::Failure& failure = *exported.outcome.failure;
  return {.version = {},
          .error = check::with_message_masked(failure.message),
          .hint = failure.hint,
          .is_refused = failure.kind == api::Failure::Kind::credentials};
}

LiveList list_live_flows(api::Service& service) {
  api::Listed listed = service.list_flows();
  if (!listed.outcome.ok()) throw_failure("asking for the list of flows", *listed.outcome.failure);
  LiveList flows;
  for (api::ListedFlow& flow : listed.flows) flows.emplace(std::move(flow.id), std::move(flow.tag));
  return flows;
}

flow::Description edits_of(const Versions& versions) {
  const flow::Flow* last = versions.returned != nullptr ? versions.returned : versions.sent;
  if (last == nullptr) last = versions.desired;
  if (last == nullptr || versions.live == nullptr) return {};
  flow::Description edits = flow::describe(*last, *versions.live);
  static const std::vector<std::string> kNone;
  const std::vector<std::string>& ignored = versions.ignore_drift == nullptr ? kNone : *versions.ignore_drift;
  const std::vector<json::Difference> drift = flow::drift(*last, *versions.live, ignored);
  std::erase_if(edits, [&](const flow::Statement& statement) {
    return std::none_of(drift.begin(), drift.end(), [&](const json::Difference& difference) {
      return flow::is_at_or_below(statement.pointer, difference.pointer) ||
             flow::is_at_or_below(difference.pointer, statement.pointer);
    });
  });
  for (flow::Statement& statement : edits) {
    for (flow::Fragment& fragment : statement.fragments) fragment.text = with_digests_masked(fragment.text);
  }
  return edits;
}

LiveState read_live_state(const LiveQuery& query, const LastDeployed& last, api::Service& service, Progress& progress) {
  return LiveReader(query, last, service, progress).read();
}

}  // namespace flowship::deploy
