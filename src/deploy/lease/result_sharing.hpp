#pragma once

#include "base/clock.hpp"
#include "deploy/ledger/ledger.hpp"
#include "deploy/live/session.hpp"
#include "git/repository.hpp"

#include <chrono>
#include <optional>
#include <vector>

namespace flowship::deploy {

/// What became of a pending result. `unsettled`: somebody else had taken over, and the ledger has what the deployment
/// had sent as unsettled; `dropped`: likewise, but it had sent nothing; `pending`: somebody else is deploying.
enum class Sharing { appended, unsettled, dropped, pending };

struct SharedResult {
  Sharing how;
  /// The entry that the ledger has now.
  std::optional<git::ObjectId> record;
};

/// For how long sharing is tried.
struct SharePatience {
  std::chrono::milliseconds wait{std::chrono::minutes{5}};
  /// How long a push may take after a stop; nothing: as long as it does.
  std::optional<std::chrono::milliseconds> grace;
};

/// Appends a pending result, or what stands for it. Tries again, and waits for the end of other deployments, until the
/// patience or a stop ends that; then throws `Error`, and the result stays pending.
SharedResult share_result(Ledger& ledger, const git::Repository& repository, LedgerEntry pending,
                          const SharePatience& patience, const Context& context);

/// Tries it once with every pending result of a ledger that was fetched. What was appended instead of them, or that
/// they are pending still, is in the answer. Throws `Error` if the ledger's remote can't be reached.
std::vector<SharedResult> share_pending(Ledger& ledger, const git::Repository& repository, const Clock& clock,
                                        const StopSignal* cut = nullptr);

}  // namespace flowship::deploy
