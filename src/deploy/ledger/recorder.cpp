#include "deploy/ledger/recorder.hpp"

#include "base/error.hpp"
#include "base/held_secrets.hpp"
#include "base/text/utf8.hpp"
#include "check/rules/secrets.hpp"
#include "deploy/ledger/deployed_flows.hpp"
#include "deploy/ledger/kept_export.hpp"
#include "flow/compare/compare.hpp"
#include "flow/model/payload.hpp"

#include <algorithm>
#include <utility>

namespace flowship::deploy {

/// deployment.json has to stay small, whatever people write.
constexpr std::size_t kMostText = 200;

std::optional<LedgerEntry> Recorder::move_on(const Plan& plan) const {
  // Entries from before the ledger was shared go along with the new one.
  const bool is_to_share = head_ && workspace_.ledger.is_ahead();
  if (plan.reformatted.empty() && plan.gone.empty() && !is_to_share) return std::nullopt;
  Record record = new_record(plan);
  record.finished = record.started;
  LedgerChange change;
  for (const Change& flow : plan.gone) record_gone(flow, record, change);
  for (const Reformatted& flow : plan.reformatted) change.deploy(flow.source, flow.deployed_paths);
  return workspace_.ledger.append(head_, std::move(record), std::move(change), clock_);
}

SpaceReserve::Need Recorder::space_for_result(const Plan& plan) const {
  // Each object is a file of its own, with its share of trees, tags and folders.
  constexpr std::uintmax_t kBlock = 4096;
  constexpr std::uintmax_t kBytesOfEntry = 256;
  constexpr std::size_t kFilesOfResult = 64;
  constexpr std::size_t kMostFolders = 512;
  const std::size_t changes = plan.changes.size() + plan.reformatted.size();
  const std::uintmax_t total = changes + static_cast<std::uintmax_t>(head_ ? head_->record.total : 0);
  SpaceReserve::Need need{.bytes = kFilesOfResult * kBlock + changes * 4 * kBlock + total * kBytesOfEntry,
                          .files = kFilesOfResult + 2 * changes + std::min(3 * changes, kMostFolders)};
  for (const Change& change : plan.changes) {
    if (!change.flow) continue;
    need.bytes += flow::export_text(*change.flow).size();
    flow::rest(*change.flow);
  }
  return need;
}

LedgerEntry Recorder::append_intent(const Plan& plan) const {
  Record record = new_record(plan);
  record.phase = Phase::intent;
  LedgerChange ledger_change;
  for (const Change& change : plan.changes) {
    FlowResult& flow = ledger_change.flows.emplace_back(pending_result(change));
    flow.payload = change.digest();
    if (change.flow) ledger_change.intend(change.flow->source);
    // Kept before it is replaced, so that it is not lost if the process dies in between.
    keep_before(change, record, ledger_change);
  }
  return workspace_.ledger.append(head_, std::move(record), std::move(ledger_change), clock_);
}

KeepReturned Recorder::keeper(const LedgerEntry& intent) const {
  return [&repository = workspace_.repository, record = intent.record](const Export& returned) {
    return write_kept(repository, returned.text(), record);
  };
}

LedgerEntry Recorder::write_stopped(const LedgerEntry& latest, const Plan& plan, const Applied& applied) const {
  std::vector<FlowResult> flows = workspace_.ledger.flows(latest);
  for (std::size_t number = 0; number < plan.changes.size(); ++number) {
    FlowResult& flow = flows[number];
    const std::string payload = std::move(flow.payload);
    flow = applied.flows[number];
    flow.payload = payload;
    flow.unknown = flow.unknown && !is_done(flow.outcome);
  }
  return workspace_.ledger.write_last_renewal(latest, flows, clock_);
}

LedgerEntry Recorder::keep_result(const LedgerEntry& intent, const Plan& plan, const Applied& applied) const {
  Record record = intent.record;
  record.phase = Phase::result;
  record.finished = clock_.now();
  LedgerChange ledger_change;
  ledger_change.flows = workspace_.ledger.flows(intent);
  for (std::size_t number = 0; number < plan.changes.size(); ++number) {
    const Change& change = plan.changes[number];
    FlowResult& flow = ledger_change.flows[number];
    const std::string payload = std::move(flow.payload);
    flow = applied.flows[number];
    flow.payload = payload;
    const bool deployed = is_done(flow.outcome);
    flow.unknown = flow.unknown && !deployed;
    if (!flow.unknown) flow.deployed_paths.clear();
    if (deployed) {
      record_deployed(change, flow, applied, record, ledger_change);
    } else if (flow.unknown) {
      record.unsettled[flow.flow_id] = {.payload = {}, .paths = change.deployed_paths};
      if (change.flow) ledger_change.intend(change.flow->source);
    } else {
      note_old_overrides(record, change);
    }
    const bool is_replaced = deployed || flow.unknown || flow.outcome == FlowOutcome::drifted;
    if (flow.attempts > 0 && is_replaced) keep_before(change, record, ledger_change);
  }
  for (const Change& flow : plan.gone) record_gone(flow, record, ledger_change);
  for (const auto& [flow_id, tag] : plan.new_tags) ledger_change.tags[flow_id] = tag;
  for (const Reformatted& flow : plan.reformatted) ledger_change.deploy(flow.source, flow.deployed_paths);
  return workspace_.ledger.keep_result(intent, std::move(record), std::move(ledger_change));
}

Record Recorder::new_record(const Plan& plan) const {
  Record record;
  record.environment = plan.environment;
  record.project_id = project_id_;
  record.kind = workspace_.kind;
  record.origin = workspace_.origin;
  record.target = plan.target;
  describe_target(record);
  record.started = clock_.now();
  record.holder = this_process();
  record.sources = sources_to_record(plan);
  record.overrides = workspace_.environment.overrides;
  if (head_) {
    record.total = head_->record.total;
    record.unsettled = head_->record.unsettled;
    record.digest_salt = head_->record.digest_salt;
  }
  add_digest_salt(record);
  for (const Change& change : plan.left_out) note_old_overrides(record, change);
  for (const Change& change : plan.changes) {
    if (change.action == Action::remove) note_old_overrides(record, change);
  }
  for (const LeftBehind& flow : plan.left_behind) note_old_overrides(record, flow.removal);
  // Sources and overrides are recorded as they are in flowship.json.
  if (!find_held(to_json(record)).empty()) {
    throw Error("the management key is in flowship.json, and the ledger would keep it; nothing was sent",
                "remove it there, and replace the key: whoever can read the repository has it", Fault::credentials);
  }
  return record;
}

void Recorder::describe_target(Record& record) const {
  const std::optional<git::ObjectId> commit = git::ObjectId::from_hex(record.target);
  if (!commit) return;
  try {
    const git::CommitFacts facts = workspace_.repository.facts(*commit);
    // The ledger may be pushed to where the commit is not.
    record.subject = truncated(check::with_message_masked(facts.subject), kMostText);
    record.author = truncated(check::with_message_masked(facts.author), kMostText);
    record.committed = facts.time;
  } catch (const Error&) {
    // A rollback's target may no longer exist in this repository.
  }
}

std::vector<std::string> Recorder::sources_to_record(const Plan& plan) const {
  const flow::Scope scope{.sources = workspace_.config.sources, .known = {}};
  const auto is_outside = [&](const Change& change) {
    return change.action == Action::remove && !std::all_of(change.paths.begin(), change.paths.end(),
                                                           [&](const std::string& path) { return scope.covers(path); });
  };
  const bool some_outside = std::any_of(plan.changes.begin(), plan.changes.end(), is_outside) ||
                            std::any_of(plan.left_out.begin(), plan.left_out.end(), is_outside) ||
                            std::any_of(plan.left_behind.begin(), plan.left_behind.end(),
                                        [&](const LeftBehind& flow) { return is_outside(flow.removal); });
  return some_outside ? head_->record.sources : workspace_.config.sources;
}

bool Recorder::overrides_changed() const {
  return head_ && head_->record.overrides != workspace_.environment.overrides;
}

void Recorder::note_old_overrides(Record& record, const Change& change) const {
  if (!overrides_changed() || !change.before || record.unsettled.contains(change.flow_id)) return;
  record.unsettled[change.flow_id] = {.payload = flow::digest(*change.before), .paths = change.deployed_paths};
}

void Recorder::keep_before(const Change& change, const Record& record, LedgerChange& ledger_change) const {
  if (!change.live || !change.live->version) return;
  ledger_change.set_before(change.flow_id,
                           write_kept(workspace_.repository, change.live->version->exported.text(), record));
}

void Recorder::record_gone(const Change& change, Record& record, LedgerChange& ledger_change) {
  record.unsettled.erase(change.flow_id);
  if (!change.deployed_paths.empty()) --record.total;
  ledger_change.remove(change.deployed_paths);
  ledger_change.gone.insert(change.flow_id);
  ledger_change.set_after(change.flow_id, git::ObjectId());
}

void Recorder::record_deployed(const Change& change, const FlowResult& flow, const Applied& applied, Record& record,
                               LedgerChange& ledger_change) const {
  if (change.action == Action::remove) {
    record_gone(change, record, ledger_change);
  } else {
    record.unsettled.erase(change.flow_id);
    if (change.deployed_paths.empty()) ++record.total;
    ledger_change.tags[change.flow_id] = flow.tag;
    ledger_change.deploy(change.flow->source, change.deployed_paths);
    if (change.exact) note_exact(record, *change.flow, change.digest());
  }
  git::ObjectId after;
  if (const auto found = applied.returned.find(change.flow_id); found != applied.returned.end()) {
    const auto& [kept, exported] = found->second;
    after = exported ? write_kept(workspace_.repository, exported->text(), record) : kept;
  }
  ledger_change.set_after(change.flow_id, after);
}

}  // namespace flowship::deploy
