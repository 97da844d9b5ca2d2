#include "deploy/lease/lost_lease.hpp"

#include "base/error.hpp"
#include "deploy/ledger/deployed_flows.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace flowship::deploy {

namespace {

constexpr std::chrono::minutes kLongestWaitForOther{5};
constexpr std::chrono::milliseconds kLookPause{500};

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

  void add(const Change& change, const FlowResult& sent, const FlowResult& intended, const git::ObjectId& before) {
    FlowResult flow = sent;
    flow.payload = intended.payload;
    flow.outcome = FlowOutcome::failed;
    flow.error = "sent by a deployment that had lost its lease";
    flow.unknown = true;
    flow.deployed_paths = deployed_[flow.flow_id];
    std::erase_if(change_.flows, [&](const FlowResult& other) { return other.flow_id == flow.flow_id; });
    record_.unsettled[flow.flow_id] = {.payload = {}, .paths = flow.deployed_paths};
    if (change.flow) change_.intend(change.flow->source);
    if (!before.is_zero()) change_.set_before(flow.flow_id, before);
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
    const git::ObjectId intended = ledger_.intended(on_);
    for (FlowResult& flow : ledger_.flows(on_)) {
      if (!flow.unknown) continue;
      for (const std::string& path : flow.paths) {
        const std::optional<git::ObjectId> blob = intended.is_zero() ? std::nullopt : repository_.at(intended, path);
        if (blob) change_.items[kIntended + path] = git::Repository::TreeItem{.id = *blob, .is_tree = false};
      }
      if (const auto before = ledger_.before_blob(on_, flow.flow_id); !before.is_zero()) {
        change_.set_before(flow.flow_id, before);
      }
      change_.flows.push_back(std::move(flow));
    }
  }

  Ledger& ledger_;
  const git::Repository& repository_;
  LedgerEntry on_;
  Record record_;
  LedgerChange change_;
  /// The files in `deployed/`, by flow.
  std::map<std::string, std::vector<std::string>> deployed_;
};

/// The result that ends the deployment of who took over.
LedgerEntry result_of_other(Ledger& ledger, const Context& context, Ticks until) {
  while (true) {
    ledger.fetch();
    std::optional<LedgerEntry> head = ledger.head();
    if (head && head->record.phase == Phase::result) return *head;
    const Ticks next = context.clock.ticks() + kLookPause;
    if (next > until || !context.clock.sleep_until(next, context.stop)) {
      throw Error("what was sent could not be recorded as unsettled: another deployment is under way" +
                  (head ? ": " + holder_text(head->record) : std::string()));
    }
  }
}

}  // namespace

std::optional<LedgerEntry> append_unsettled(Workspace& workspace, const Plan& plan, const LedgerEntry& latest,
                                            const Applied& applied, const Context& context) {
  const auto was_sent = [](const FlowResult& flow) { return flow.attempts > 0 || flow.unknown; };
  if (std::none_of(applied.flows.begin(), applied.flows.end(), was_sent)) return std::nullopt;
  Ledger& ledger = workspace.ledger;
  const std::vector<FlowResult> intended = ledger.flows(latest);
  const Ticks until = context.clock.ticks() + kLongestWaitForOther;
  while (true) {
    UnsettledEntry entry(ledger, workspace.repository, result_of_other(ledger, context, until));
    for (std::size_t number = 0; number < plan.changes.size(); ++number) {
      const FlowResult& flow = applied.flows[number];
      if (!was_sent(flow)) continue;
      entry.add(plan.changes[number], flow, intended[number], ledger.before_blob(latest, flow.flow_id));
    }
    try {
      return entry.append(latest.record.started, context.clock);
    } catch (const Error& error) {
      // Yet another deployment has begun.
      if (error.fault() != Fault::held) throw;
    }
  }
}

}  // namespace flowship::deploy
