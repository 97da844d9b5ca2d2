#include "deploy/settlement.hpp"

#include "base/error.hpp"
#include "deploy/survey.hpp"
#include "flow/compare.hpp"
#include "flow/reading.hpp"

#include <algorithm>

namespace flowship::deploy {

namespace {

/// The flows below a tree of the ledger.
flow::Reading flows_of(const git::Repository& repository, const git::ObjectId& tree,
                       const std::vector<std::string>& paths) {
  flow::Scope scope;
  std::vector<git::Entry> entries;
  if (tree.is_zero()) return {};
  for (git::Entry& entry : repository.files(tree, {.prefixes = paths})) {
    scope.known.insert(entry.path);
    const std::size_t slash = entry.path.rfind('/');
    if (slash != std::string::npos) scope.known.insert(entry.path.substr(0, slash));
    entries.push_back(std::move(entry));
  }
  return flow::read_flows(entries, scope, [&](const git::Entry& entry) { return repository.blob(entry.id); });
}

const flow::Flow* find_flow(const flow::Reading& reading, const std::string& flow_id) {
  const auto found = std::find_if(reading.flows.begin(), reading.flows.end(),
                                  [&](const flow::Flow& flow) { return flow.id == flow_id; });
  return found == reading.flows.end() ? nullptr : &*found;
}

/// The flow as it was sent; nothing where these overrides can't be carried out on it, because it was sent with others.
std::optional<flow::Flow> as_sent(const flow::Flow* flow, const flow::Overrides& overrides) {
  if (flow == nullptr) return std::nullopt;
  try {
    return flow::overridden(*flow, overrides);
  } catch (const Error&) {
    return std::nullopt;
  }
}

/// What an interrupted step turns out to have done.
enum class Finding { arrived, not_arrived, neither };

/// `sent` is null for a removal.
Finding look(const std::string& flow_id, const flow::Flow* sent, const flow::Flow* before, api::Service& service) {
  const std::optional<Held> held = ask_for(flow_id, service);
  if (!held) return sent == nullptr ? Finding::arrived : before == nullptr ? Finding::not_arrived : Finding::neither;
  if (sent != nullptr && flow::holds(held->flow, *sent, before)) return Finding::arrived;
  if (before != nullptr && flow::holds(held->flow, *before, sent)) return Finding::not_arrived;
  return Finding::neither;
}

}  // namespace

bool is_over(const Record& intent, std::chrono::milliseconds lock_timeout, Time now) {
  switch (liveness_of(intent.holder)) {
    case Liveness::alive:
      return false;
    case Liveness::gone:
      return true;
    case Liveness::elsewhere:
      return now - intent.started > lock_timeout;
  }
  return false;
}

LedgerEntry settle(const LedgerEntry& intent, Ledger& ledger, const git::Repository& repository, api::Service& service,
                   const Clock& clock) {
  Record record = intent.record;
  record.kind = RecordKind::result;
  record.holder = this_process();
  // The overrides of before the intent are in the entry that it stands on.
  const flow::Overrides old_overrides =
      intent.parent ? ledger.entry(*intent.parent).record.overrides : flow::Overrides{};
  std::vector<std::string> paths;
  for (const FlowRecord& flow : record.flows) paths.insert(paths.end(), flow.paths.begin(), flow.paths.end());
  const flow::Reading intended = flows_of(repository, ledger.intended(intent), paths);
  LedgerChange change;
  for (FlowRecord& flow : record.flows) {
    const flow::Flow* source = find_flow(intended, flow.flow_id);
    if (source == nullptr && flow.action != Action::remove) {
      throw Error("the ledger's intent lacks the source of `" + flow.flow_id + "`");
    }
    std::optional<flow::Flow> sent;
    if (source != nullptr) sent = flow::overridden(*source, record.overrides);
    const flow::Reading deployed = flows_of(repository, ledger.deployed(intent), flow.deployed_paths);
    const flow::Flow* old = find_flow(deployed, flow.flow_id);
    const std::optional<flow::Flow> before = as_sent(old, old_overrides);
    switch (look(flow.flow_id, sent ? &*sent : nullptr, before ? &*before : nullptr, service)) {
      case Finding::arrived:
        flow.outcome = FlowOutcome::deployed;
        record.unsettled.erase(flow.flow_id);
        // What the service made of it is asked again when the flow changes the next time.
        change.set_after(flow.flow_id, git::ObjectId());
        if (flow.action == Action::create) ++record.total;
        if (flow.action == Action::remove) {
          --record.total;
          change.remove(flow.deployed_paths);
        } else {
          change.deploy(source->source, flow.deployed_paths);
        }
        break;
      case Finding::not_arrived:
        flow.outcome = FlowOutcome::failed;
        flow.error = "the deployment was interrupted before it was sent";
        // `deployed/` tells what it was sent, unless it was sent with other overrides.
        if (before && old_overrides != record.overrides) {
          record.unsettled[flow.flow_id] = {.payload = flow::digest(*before), .paths = flow.deployed_paths};
        }
        break;
      case Finding::neither:
        flow.outcome = FlowOutcome::failed;
        flow.error = "the deployment was interrupted, and the service holds neither what was there nor what was sent";
        record.unsettled[flow.flow_id] = {.payload = {}, .paths = flow.deployed_paths};
        break;
    }
  }
  record.finished = clock.now();
  return ledger.append(intent, record, change);
}

LedgerEntry release(const LedgerEntry& intent, Ledger& ledger, const Clock& clock) {
  Record record = intent.record;
  record.kind = RecordKind::result;
  record.holder = this_process();
  record.finished = clock.now();
  for (FlowRecord& flow : record.flows) {
    flow.outcome = FlowOutcome::failed;
    flow.error = "released by hand: whether it was sent is not known";
    record.unsettled[flow.flow_id] = {.payload = {}, .paths = flow.deployed_paths};
  }
  return ledger.append(intent, record, {});
}

}  // namespace flowship::deploy
