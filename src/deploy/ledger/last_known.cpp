#include "deploy/ledger/last_known.hpp"

#include "base/error.hpp"
#include "base/trace.hpp"
#include "check/rules/secrets.hpp"

namespace flowship::deploy {

std::optional<std::string> fetch_if_reachable(Ledger& ledger) {
  try {
    ledger.fetch();
  } catch (const UntrustedLedger&) {
    throw;
  } catch (const git::BrokenRemote&) {
    throw;
  } catch (const Error& error) {
    // Without a remote nothing was fetched, and nothing else is known.
    if (!ledger.is_shared()) throw;
    const std::string note = ledger.pending_note().value_or("");
    return "the ledger could not be fetched; this is based on the last known state: " +
           check::with_message_masked(error.message()) + (note.empty() ? "" : "; " + note);
  }
  return ledger.pending_note();
}

void fetch_older_if_reachable(Ledger& ledger) {
  try {
    ledger.fetch_older();
  } catch (const Error& error) {
    if (is_tracing()) trace("ledger", "older entries not fetched: " + error.message());
  }
}

}  // namespace flowship::deploy
