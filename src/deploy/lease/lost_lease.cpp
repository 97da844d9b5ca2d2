#include "deploy/lease/lost_lease.hpp"

#include "deploy/ledger/deployed_flows.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace flowship::deploy {

namespace {

/// The entry that says what was sent, on top of a result.
class UnsettledEntry {
 public:
  UnsettledEntry(Ledger& ledger, const git::Repository& repository, LedgerEntry on)
      : ledger_(ledger), repository_(repository), on_(std::move(on)), record_(on_.record) {
    for (const flow::Flow& flow : flows_in(repository, ledger.deployed(on_)).flows) {
      std::vector<std::string>& paths = deployed_[flow.id];
      for (const git::Entry& file : flow.source.files) paths.push_back(file.path);
    }
    keep_questions();
  }

  /// `intent` is the newest intent of the deployment that sent it.
  void add(FlowResult flow, const LedgerEntry& intent) {
    flow.outcome = FlowOutcome::failed;
    flow.error = "sent by a deployment that had lost its lease";
    flow.unknown = true;
    flow.deployed_paths = deployed_[flow.flow_id];
    std::erase_if(change_.flows, [&](const FlowResult& other) { return other.flow_id == flow.flow_id; });
    record_.unsettled[flow.flow_id] = {.payload = {}, .paths = flow.deployed_paths};
    ask_about(flow, intent);
    change_.flows.push_back(std::move(flow));
  }

  LedgerEntry append(const Time& started, const Clock& clock) {
    record_.kind = DeploymentKind::recover;
    record_.holder = this_process();
    record_.started = started;
    record_.finished = clock.now();
    return ledger_.append(on_, record_, change_, clock);
  }

 private:
  /// What the entry itself does not know is still to be asked.
  void keep_questions() {
    for (FlowResult& flow : ledger_.flows(on_)) {
      if (!flow.unknown) continue;
      ask_about(flow, on_);
      change_.flows.push_back(std::move(flow));
    }
  }

  /// Carries over what `entry` has for asking about the flow.
  void ask_about(const FlowResult& flow, const LedgerEntry& entry) {
    const git::ObjectId intended = ledger_.intended(entry);
    for (const std::string& path : flow.paths) {
      const std::optional<git::ObjectId> blob = intended.is_zero() ? std::nullopt : repository_.at(intended, path);
      if (blob) change_.items[kIntended + path] = git::Repository::TreeItem{.id = *blob, .is_tree = false};
    }
    const git::ObjectId before = ledger_.before_blob(entry, flow.flow_id);
    if (!before.is_zero()) change_.set_before(flow.flow_id, before);
  }

  Ledger& ledger_;
  const git::Repository& repository_;
  LedgerEntry on_;
  Record record_;
  LedgerChange change_;
  /// The files in `deployed/`, by flow.
  std::map<std::string, std::vector<std::string>> deployed_;
};

}  // namespace

std::vector<FlowResult> sent_flows(const Ledger& ledger, const LedgerEntry& result) {
  std::vector<FlowResult> flows = ledger.flows(result);
  std::erase_if(flows, [](const FlowResult& flow) { return flow.attempts == 0 && !flow.unknown; });
  return flows;
}

LedgerEntry append_unsettled(Ledger& ledger, const git::Repository& repository, const LedgerEntry& on,
                             const LedgerEntry& pending, const Clock& clock) {
  const LedgerEntry intent = ledger.entry(pending.parent.value());
  UnsettledEntry entry(ledger, repository, on);
  for (FlowResult& flow : sent_flows(ledger, pending)) entry.add(std::move(flow), intent);
  return entry.append(pending.record.started, clock);
}

}  // namespace flowship::deploy
