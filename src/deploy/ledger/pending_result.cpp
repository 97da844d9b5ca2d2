#include "base/text/pluralize.hpp"
#include "base/text/printable.hpp"
#include "deploy/ledger/ledger.hpp"
#include "git/remote/transport.hpp"

#include <string_view>
#include <utility>

// Results that are kept in this clone, each behind a ref of its own, until the ledger has them.

namespace flowship::deploy {

namespace {

constexpr const char* kPendingRefs = "refs/flowship-pending/";

/// Where the pending results of a ledger are.
std::string pending_folder(const std::string& ledger_ref) {
  constexpr std::string_view kRefs = "refs/";
  return kPendingRefs + ledger_ref.substr(kRefs.size()) + "/";
}

}  // namespace

LedgerEntry Ledger::keep_result(const LedgerEntry& latest, Record record, LedgerChange change) {
  LedgerEntry entry = write_entry(latest, std::move(record), std::move(change));
  keep_pending(entry);
  return entry;
}

void Ledger::keep_pending(const LedgerEntry& entry) const {
  repository_.compare_and_swap(pending_folder(ref_) + entry.commit.hex(), std::nullopt, entry.commit, "flowship deploy",
                               system_clock());
}

std::vector<LedgerEntry> Ledger::pending_results() const {
  std::vector<LedgerEntry> entries;
  for (const std::string& name : repository_.refs(pending_folder(ref_))) {
    try {
      if (const std::optional<git::ObjectId> commit = repository_.ref(name)) entries.push_back(entry(*commit));
    } catch (Error& error) {
      throw error.within("the result that is kept as " + name);
    }
  }
  return entries;
}

LedgerEntry Ledger::move_pending(const LedgerEntry& pending, const LedgerEntry& latest) {
  const git::CommitFacts facts = repository_.facts(pending.commit);
  LedgerEntry moved = pending;
  moved.parent = latest.commit;
  moved.commit = write_commit(moved, facts.message, facts.time);
  keep_pending(moved);
  drop_pending(pending);
  return moved;
}

bool Ledger::append_once(const LedgerEntry& entry, const Clock& clock, const StopSignal* cut) {
  if (!is_shared()) return move_here(entry, clock);
  try {
    if (!git::push_ref(repository_, remote_, ref_, at_remote_, entry.commit, git_limit_, cut)) return false;
  } catch (Error& error) {
    throw error.within("sharing the ledger with " + printable(remote_));
  }
  moved(entry, clock);
  return true;
}

void Ledger::drop_pending(const LedgerEntry& pending) const {
  repository_.remove_ref(pending_folder(ref_) + pending.commit.hex(), pending.commit);
}

std::optional<std::string> Ledger::pending_note() const {
  const std::vector<LedgerEntry> pending = pending_results();
  if (pending.empty()) return std::nullopt;
  return "the ledger does not have " + pluralize(pending.size(), "result") + " that this clone keeps (" +
         pending.front().commit.abbreviated() + (pending.size() > 1 ? ", …" : "") +
         "): the next deployment from here shares it first";
}

}  // namespace flowship::deploy
