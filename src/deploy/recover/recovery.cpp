#include "deploy/recover/recovery.hpp"

#include "base/error.hpp"
#include "deploy/ledger/deployed_flows.hpp"
#include "deploy/live/live_state.hpp"
#include "flow/compare/compare.hpp"
#include "flow/layouts/reading.hpp"

#include <algorithm>
#include <utility>

namespace flowship::deploy {

namespace {

/// Why the service holds the previous version of a flow; an intent only knows of requests where its deployment noted
/// them in the end.
std::string not_done(const FlowResult& flow) {
  return flow.attempts > 0 ? "the deployment was interrupted, and its request had no effect"
                           : "the deployment was interrupted before this flow was sent";
}

/// Recovers one deployment, flow by flow.
class Recovery {
 public:
  Recovery(const LedgerEntry& entry, Ledger& ledger, const git::Repository& repository, api::Service& service)
      : entry_(entry), ledger_(ledger), repository_(repository), service_(service), record_(entry.record) {
    change_.flows = ledger.flows(entry);
    if (record_.phase == Phase::result) {
      std::erase_if(change_.flows, [](const FlowResult& flow) { return !flow.unknown; });
    }
    std::vector<std::string> paths;
    for (const FlowResult& flow : change_.flows) paths.insert(paths.end(), flow.paths.begin(), flow.paths.end());
    intended_ = flows_in(repository, ledger.intended(entry), paths);
    old_record_ = record_before();
  }

  LedgerEntry run(const Clock& clock) {
    record_.phase = Phase::result;
    record_.kind = DeploymentKind::recover;
    record_.holder = this_process();
    listed_ = list_live_flows(service_);
    add_digest_salt(record_);
    for (FlowResult& flow : change_.flows) recover(flow);
    record_.finished = clock.now();
    return ledger_.append(entry_, record_, change_, clock);
  }

 private:
  /// The record that the intent was appended to, or a result with open questions; it describes what those did not
  /// touch.
  Record record_before() const {
    const auto parent = [&](const LedgerEntry& of) {
      return of.parent ? std::optional(ledger_.entry(*of.parent)) : std::nullopt;
    };
    std::optional<LedgerEntry> at = entry_;
    if (at->record.phase == Phase::result) at = parent(*at);
    // What the deployment began with is before its renewals and its intent.
    while (at && at->record.renewals > 0) at = parent(*at);
    if (at && at->record.phase == Phase::intent) at = parent(*at);
    return at ? at->record : Record{};
  }

  void recover(FlowResult& flow) {
    const flow::Flow* source = find_flow(intended_, flow.flow_id);
    if (source == nullptr && flow.action != Action::remove) {
      throw Error("the ledger's intent lacks the source of `" + flow.flow_id + "`");
    }
    std::optional<flow::Flow> desired;
    if (source != nullptr) desired = to_send(*source, record_.overrides, flow.payload);
    const std::optional<flow::Flow> sent = deployed_before(flow);
    const bool is_listed = listed_.contains(flow.flow_id);
    LiveAnswer answer;
    if (is_listed) answer = read_live_flow(flow.flow_id, service_);
    const std::optional<LiveVersion>& live = answer.version;
    const std::optional<KeptExport> kept = ledger_.after(entry_, flow.flow_id);
    std::optional<flow::Flow> returned;
    if (kept && live) returned = kept->flow({live->exported.text()});
    const auto pointer = [](const auto& version) { return version ? &*version : nullptr; };
    flow.unknown = false;
    flow.outcome = FlowOutcome::failed;
    switch (classify({.intent = flow.action == Action::remove ? Intent::remove : Intent::send,
                      .is_deployed = !flow.deployed_paths.empty(),
                      .desired = pointer(desired),
                      .sent = pointer(sent),
                      .returned = pointer(returned),
                      .is_listed = is_listed,
                      .live = live ? &live->flow : nullptr,
                      .ignore_drift = nullptr})) {
      case LiveMatch::as_desired:
        flow.outcome = flow.action == Action::remove ? FlowOutcome::deleted : FlowOutcome::deployed;
        flow.error.clear();
        record_deployed(flow, source, live);
        break;
      case LiveMatch::as_deployed:
        flow.error = not_done(flow);
        record_old(flow, sent);
        break;
      case LiveMatch::unknown:
        throw Error("asking for `" + flow.flow_id + "`: " + answer.error,
                    "an interrupted deployment may have sent it; run the same command again",
                    answer.is_refused ? Fault::credentials : Fault::failed);
      case LiveMatch::missing:
      case LiveMatch::edited:
      case LiveMatch::foreign:
      case LiveMatch::merged:
        if (is_as_before(flow, is_listed, live)) {
          flow.error = not_done(flow);
          record_old(flow, sent);
          break;
        }
        flow.error = "the deployment was interrupted, and the live flow is neither the previous nor the sent version";
        record_.unsettled[flow.flow_id] = {.payload = {}, .paths = flow.deployed_paths};
        break;
    }
  }

  /// Whether the service holds what it held when the deployment began, drift included.
  bool is_as_before(const FlowResult& flow, bool is_listed, const std::optional<LiveVersion>& live) const {
    if (!is_listed) return flow.absent;
    const std::optional<KeptExport> before = ledger_.before(entry_, flow.flow_id);
    return live && before && flow::same(live->flow, before->flow({live->exported.text()}));
  }

  std::optional<flow::Flow> deployed_before(const FlowResult& flow) const {
    if (flow.deployed_paths.empty()) return std::nullopt;
    const flow::Reading deployed = flows_in(repository_, ledger_.deployed(entry_), flow.deployed_paths);
    const flow::Flow* old = find_flow(deployed, flow.flow_id);
    return old == nullptr ? std::nullopt : as_sent(*old, old_record_);
  }

  void record_deployed(FlowResult& flow, const flow::Flow* source, const std::optional<LiveVersion>& live) {
    record_.unsettled.erase(flow.flow_id);
    const git::ObjectId after = live ? write_kept(repository_, live->exported.text(), record_) : git::ObjectId();
    change_.set_after(flow.flow_id, after);
    const git::ObjectId replaced = ledger_.before_blob(entry_, flow.flow_id);
    // What was there before was not sent.
    if (replaced.is_zero() || replaced != after) flow.attempts = std::max(flow.attempts, 1);
    if (!replaced.is_zero() && replaced != after) change_.set_before(flow.flow_id, replaced);
    if (flow.action == Action::remove) {
      if (!flow.deployed_paths.empty()) --record_.total;
      change_.remove(flow.deployed_paths);
      change_.gone.insert(flow.flow_id);
    } else {
      if (flow.deployed_paths.empty()) ++record_.total;
      flow.tag = live ? listed_[flow.flow_id] : std::nullopt;
      change_.tags[flow.flow_id] = flow.tag;
      change_.deploy(source->source, flow.deployed_paths);
      note_exact(record_, *source, flow.payload);
    }
  }

  /// The live flow is the one in `deployed/`, which may have been sent with other overrides.
  void record_old(const FlowResult& flow, const std::optional<flow::Flow>& before) {
    const auto unsettled = record_.unsettled.find(flow.flow_id);
    const bool was_open = unsettled != record_.unsettled.end() && unsettled->second.payload.empty();
    if (was_open) record_.unsettled.erase(unsettled);
    if (before && old_record_.overrides != record_.overrides) {
      record_.unsettled[flow.flow_id] = {.payload = flow::digest(*before), .paths = flow.deployed_paths};
    }
  }

  const LedgerEntry& entry_;
  Ledger& ledger_;
  const git::Repository& repository_;
  api::Service& service_;
  Record record_;
  flow::Reading intended_;
  Record old_record_;
  LedgerChange change_;
  LiveList listed_;
};

}  // namespace

bool has_open_flows(const LedgerEntry& head, const Ledger& ledger) {
  const auto is_not_known = [](const auto& item) { return item.second.payload.empty(); };
  const UnsettledFlows& unsettled = head.record.unsettled;
  if (std::none_of(unsettled.begin(), unsettled.end(), is_not_known)) return false;
  const std::vector<FlowResult> flows = ledger.flows(head);
  return std::any_of(flows.begin(), flows.end(), [](const FlowResult& flow) { return flow.unknown; });
}

LedgerEntry recover(const LedgerEntry& entry, Ledger& ledger, const git::Repository& repository, api::Service& service,
                    const Clock& clock) {
  return Recovery(entry, ledger, repository, service).run(clock);
}

LedgerEntry release(const LedgerEntry& intent, Ledger& ledger, const Clock& clock) {
  Record record = intent.record;
  record.phase = Phase::result;
  record.kind = DeploymentKind::recover;
  record.holder = this_process();
  record.finished = clock.now();
  LedgerChange change;
  change.flows = ledger.flows(intent);
  for (FlowResult& flow : change.flows) {
    flow.outcome = FlowOutcome::failed;
    flow.error = "released by `flowship unlock`: it is not known whether it was sent";
    flow.unknown = true;
    record.unsettled[flow.flow_id] = {.payload = {}, .paths = flow.deployed_paths};
  }
  change.keep_questions(ledger, intent);
  return ledger.append(intent, std::move(record), std::move(change), clock);
}

}  // namespace flowship::deploy
