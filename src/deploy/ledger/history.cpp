#include "deploy/ledger/history.hpp"

#include "base/error.hpp"
#include "base/text/printable.hpp"
#include "deploy/config/command_hint.hpp"

namespace flowship::deploy {

LedgerEntry find_record(const Ledger& ledger, const std::string& environment, const std::string& name) {
  std::vector<LedgerEntry> results;
  const std::string command = command_hint("history", environment);
  bool is_finished = true;
  for (LedgerEntry& entry : ledger.entries()) {
    if (entry.record.phase == Phase::result) {
      results.push_back(std::move(entry));
    } else if (results.empty()) {
      is_finished = false;
    }
  }
  if (name.empty()) {
    const std::size_t before_last = is_finished ? 1 : 0;
    if (results.size() <= before_last) throw usage_error("there is no earlier deployment", "see " + command);
    return results[before_last];
  }
  const LedgerEntry* found = nullptr;
  constexpr std::size_t kShortest = 4;
  for (const LedgerEntry& entry : results) {
    if (name.size() < kShortest || !entry.commit.hex().starts_with(name)) continue;
    if (found != nullptr)
      throw usage_error("`" + printable(name) + "` matches more than one record", "give more digits of its id");
    found = &entry;
  }
  if (found == nullptr) {
    throw usage_error("no record `" + printable(name) + "`", "list them with " + command);
  }
  return *found;
}

std::optional<LedgerEntry> last_result(const Ledger& ledger, std::optional<LedgerEntry> entry) {
  while (entry && entry->record.phase == Phase::intent) {
    entry = entry->parent ? std::optional(ledger.entry(*entry->parent)) : std::nullopt;
  }
  return entry;
}

std::vector<PastDeployment> history(const Ledger& ledger) {
  std::vector<PastDeployment> deployments;
  for (const LedgerEntry& entry : ledger.entries()) {
    const Record& record = entry.record;
    // Only the newest intent can be without a result.
    if (record.phase == Phase::intent && !deployments.empty()) continue;
    PastDeployment past;
    past.record = entry.commit;
    past.target = record.target;
    past.time = record.finished.value_or(record.started);
    past.unfinished = record.phase == Phase::intent;
    past.flows = ledger.flows(entry);
    past.kind = to_text(record.kind);
    past.origin = record.origin;
    past.subject = record.subject;
    past.author = record.author;
    past.deployed_by = entry.author;
    deployments.push_back(std::move(past));
  }
  return deployments;
}

}  // namespace flowship::deploy
