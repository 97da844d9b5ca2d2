#pragma once

#include "base/clock.hpp"
#include "base/files/file_lock.hpp"
#include "git/repository.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

namespace flowship::deploy {

/// The ref that the remote's ledger is fetched into. `ledger_ref` of no environment may lie there.
inline constexpr const char* kTrackingRefs = "refs/flowship-remotes/";
std::string tracking_ref(const std::string& remote, const std::string& ledger_ref);

/// A file of this clone about a ledger; its folder exists if it can be created.
std::filesystem::path clone_file(const git::Repository& repository, const std::string& ledger_ref, const char* ending);

/// Where a ledger is: one that is here alone so far can be shared later.
enum class LedgerPlace { remote, here };

/// The newest entry of a ledger that this clone has accepted or appended; nothing if it has seen none. It lies in a
/// file below the git directory, since no fetch moves that, whatever its refspecs say.
std::optional<git::ObjectId> seen_tip(const git::Repository& repository, const std::string& ledger_ref,
                                      LedgerPlace place);
/// Does nothing where the file can't be written.
void note_seen_tip(const git::Repository& repository, const std::string& ledger_ref, LedgerPlace place,
                   const git::ObjectId& tip);
void forget_seen_tip(const git::Repository& repository, const std::string& ledger_ref, LedgerPlace place);

/// Waits until no other command in this clone is fetching the ledger: they share a tracking ref. Nothing if that takes
/// longer than `patience`, or where the lock can't be created.
std::optional<FileLock> lock_fetch(const git::Repository& repository, const std::string& ledger_ref,
                                   std::chrono::milliseconds patience, const Clock& clock);

/// Whether an entry goes on from another; `unknown`: a shallow clone does not have the history between them.
enum class Continuation { yes, no, unknown };

/// Follows the first and only parents, as every reader of the ledger does: a merge does not continue a ledger. Takes
/// time linear in the entries between.
Continuation continuation(const git::Repository& repository, git::ObjectId tip, const git::ObjectId& from);

}  // namespace flowship::deploy
