#pragma once

#include "base/boot_clock.hpp"
#include "deploy/ledger/ledger.hpp"
#include "git/repository.hpp"

#include <chrono>

namespace flowship::deploy {

/// When a lease ends without its holder's doing.
struct LeaseTerms {
  /// How long the ledger stands still before its lease counts as abandoned. A holder renews three times as often.
  std::chrono::milliseconds timeout{60'000};
  /// An intent of this very process is one that it could not end: a result that could not be recorded.
  bool takes_over_own = false;
  /// Nobody else deploys to the environment: an intent of a process that can't be seen is one that was interrupted.
  bool is_only_deployer = false;
};

/// For how long this clone has seen the ledger stand at `tip`, by the boot-time clock at `now`. Remembers in the clone
/// when that was first seen; timestamps of other machines have no part in it.
BootTime stands_for(const git::Repository& repository, const std::string& ledger_ref, const git::ObjectId& tip,
                    BootTime now = boot_time());

/// Whether the lease of an unfinished deployment, the ledger's newest entry, is abandoned: its process is gone, as far
/// as that can be seen from here, or the ledger has stood still for the time-out.
bool is_abandoned(const git::Repository& repository, const Ledger& ledger, const LedgerEntry& newest,
                  const LeaseTerms& terms, BootTime now = boot_time());

}  // namespace flowship::deploy
