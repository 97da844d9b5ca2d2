#include "deploy/lease/result_sharing.hpp"

#include "base/error.hpp"
#include "deploy/apply/grace.hpp"
#include "deploy/lease/lost_lease.hpp"

#include <algorithm>
#include <string>

namespace flowship::deploy {

namespace {

constexpr std::chrono::milliseconds kFirstPause{500};
constexpr std::chrono::milliseconds kLongestPause{10'000};

/// Where a ledger is, as seen from a pending result.
enum class Chain {
  /// It has the result.
  has_it,
  /// At the result's own intent, or at renewals of it.
  at_intent,
  /// Somebody else's entries follow the intent, or it was rewritten.
  elsewhere
};

/// Takes time linear in the entries since the intent.
Chain chain_at(const Ledger& ledger, LedgerEntry entry, const LedgerEntry& pending) {
  for (bool only_renewals = true;;) {
    if (entry.commit == pending.commit) return Chain::has_it;
    if (entry.commit == pending.parent) return only_renewals ? Chain::at_intent : Chain::elsewhere;
    only_renewals = only_renewals && entry.record.phase == Phase::intent && entry.record.renewals > 0;
    if (!entry.parent) return Chain::elsewhere;
    entry = ledger.entry(*entry.parent);
  }
}

/// One try. `pending` changes where the result has to stand on a later renewal.
SharedResult try_to_share(Ledger& ledger, const git::Repository& repository, LedgerEntry& pending, const Clock& clock,
                          const StopSignal* cut) {
  const auto done = [&](Sharing how, const std::optional<git::ObjectId>& record) {
    ledger.drop_pending(pending);
    return SharedResult{.how = how, .record = record};
  };
  constexpr int kMostMoves = 5;
  for (int moves = 0; moves < kMostMoves; ++moves) {
    const std::optional<LedgerEntry> head = ledger.head();
    // Somebody has deleted the ledger, and starts again.
    if (!head) return done(Sharing::dropped, std::nullopt);
    switch (chain_at(ledger, *head, pending)) {
      case Chain::has_it:
        return done(Sharing::appended, pending.commit);
      case Chain::at_intent:
        if (head->commit != pending.parent) pending = ledger.move_pending(pending, *head);
        if (ledger.append_once(pending, clock, cut)) return done(Sharing::appended, pending.commit);
        break;
      case Chain::elsewhere:
        if (sent_flows(ledger, pending).empty()) return done(Sharing::dropped, std::nullopt);
        if (head->record.phase == Phase::intent) return {.how = Sharing::pending, .record = std::nullopt};
        try {
          return done(Sharing::unsettled, append_unsettled(ledger, repository, *head, pending, clock).commit);
        } catch (const Error& error) {
          if (error.fault() != Fault::held) throw;
        }
        break;
    }
    // Somebody has moved it in between.
    ledger.fetch();
  }
  return {.how = Sharing::pending, .record = std::nullopt};
}

}  // namespace

SharedResult share_result(Ledger& ledger, const git::Repository& repository, LedgerEntry pending,
                          const SharePatience& patience, const Context& context) {
  StopSignal over;
  Grace grace(context.stop, patience.grace);
  grace.ends(over);
  const Ticks until = context.clock.ticks() + patience.wait;
  std::chrono::milliseconds pause = kFirstPause;
  for (bool is_first = true;; is_first = false) {
    std::string why = "another deployment is under way";
    std::string hint;
    try {
      if (!is_first) ledger.fetch();
      // A stop ends the wait at once, but not the first try.
      const StopSignal& cut = is_first || context.stop.requested() ? over : context.stop;
      const SharedResult shared = try_to_share(ledger, repository, pending, context.clock, &cut);
      if (shared.how != Sharing::pending) return shared;
      if (const std::optional<LedgerEntry> head = ledger.head()) why += ": " + holder_text(head->record);
    } catch (const Error& error) {
      why = error.message();
      hint = error.hint();
    }
    if (is_first) context.progress.waiting("the ledger does not have the result yet: " + why);
    const Ticks next = context.clock.ticks() + pause;
    if (next > until || !context.clock.sleep_until(next, context.stop)) throw Error(why, hint);
    pause = std::min(pause * 2, kLongestPause);
  }
}

std::vector<SharedResult> share_pending(Ledger& ledger, const git::Repository& repository, const Clock& clock,
                                        const StopSignal* cut) {
  std::vector<SharedResult> results;
  PendingResults kept = ledger.pending_results();
  for (LedgerEntry& pending : kept.entries) {
    try {
      results.push_back(try_to_share(ledger, repository, pending, clock, cut));
    } catch (Error& error) {
      throw error.within("the result of an earlier deployment, which this clone keeps");
    }
  }
  return results;
}

}  // namespace flowship::deploy
