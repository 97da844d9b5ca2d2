#include "deploy/ledger/pending_result.hpp"

#include "base/files/files.hpp"
#include "base/text/pluralize.hpp"
#include "base/text/printable.hpp"
#include "base/trace.hpp"
#include "deploy/ledger/ledger.hpp"
#include "deploy/ledger/seen_tip.hpp"
#include "git/remote/transport.hpp"

#include <algorithm>
#include <string_view>
#include <system_error>
#include <utility>

// Results that are kept in this clone until the ledger has them. A file below the git directory says that this clone
// has written the entry, since no push or fetch reaches it. A ref, which anybody who may push could forge, only keeps
// gc from the entry's objects.

namespace flowship::deploy {

namespace {

constexpr std::string_view kPendingRefs = "refs/flowship-pending/";
constexpr const char* kPendingEnding = ".pending";

/// Where the refs of the pending results of a ledger are.
std::string pending_refs(const std::string& ledger_ref) {
  constexpr std::string_view kRefs = "refs/";
  return std::string(kPendingRefs) + ledger_ref.substr(kRefs.size()) + "/";
}

/// The folder of the files that are named after the pending results of a ledger.
std::filesystem::path pending_files(const git::Repository& repository, const std::string& ledger_ref) {
  return clone_file(repository, ledger_ref, kPendingEnding);
}

/// The pending results that this clone has written, sorted.
std::vector<git::ObjectId> pending_commits(const std::filesystem::path& folder) {
  std::vector<git::ObjectId> commits;
  std::error_code ignored;
  for (auto file = std::filesystem::directory_iterator(folder, ignored); file != std::filesystem::directory_iterator();
       file.increment(ignored)) {
    if (const auto commit = git::ObjectId::from_hex(file->path().filename().native())) commits.push_back(*commit);
  }
  std::sort(commits.begin(), commits.end());
  return commits;
}

}  // namespace

void copy_pending(const std::filesystem::path& from, const std::filesystem::path& to) {
  std::error_code ignored;
  const std::filesystem::path target = to / "flowship";
  std::filesystem::create_directories(target, ignored);
  for (auto file = std::filesystem::directory_iterator(from / "flowship", ignored);
       file != std::filesystem::directory_iterator(); file.increment(ignored)) {
    const std::filesystem::path& folder = file->path();
    if (folder.extension() != kPendingEnding) continue;
    std::filesystem::copy(folder, target / folder.filename(), std::filesystem::copy_options::recursive, ignored);
  }
}

LedgerEntry Ledger::keep_result(const LedgerEntry& latest, Record record, LedgerChange change) {
  LedgerEntry entry = write_entry(latest, std::move(record), std::move(change));
  keep_pending(entry);
  return entry;
}

void Ledger::keep_pending(const LedgerEntry& entry) const {
  const std::filesystem::path folder = pending_files(repository_, ref_);
  std::error_code ignored;
  std::filesystem::create_directory(folder, ignored);
  write_file_atomically(folder / entry.commit.hex(), "");
  try {
    repository_.compare_and_swap(pending_refs(ref_) + entry.commit.hex(), std::nullopt, entry.commit, "flowship deploy",
                                 system_clock());
  } catch (const Error& error) {
    // gc spares new objects for two weeks.
    if (is_tracing()) trace("ledger", error.message());
  }
}

PendingResults Ledger::pending_results() const {
  PendingResults results;
  const std::filesystem::path folder = pending_files(repository_, ref_);
  const std::vector<git::ObjectId> own = pending_commits(folder);
  for (const git::ObjectId& commit : own) {
    try {
      results.entries.push_back(entry(commit));
    } catch (const Error& error) {
      results.warnings.push_back("ignored the result " + commit.abbreviated() + ", which this clone keeps as " +
                                 printable((folder / commit.hex()).string()) + ": " + error.message());
    }
  }
  const std::string refs = pending_refs(ref_);
  for (const std::string& name : repository_.refs(refs)) {
    const auto commit = git::ObjectId::from_hex(std::string_view(name).substr(refs.size()));
    if (commit && std::binary_search(own.begin(), own.end(), *commit)) continue;
    results.warnings.push_back("ignored " + printable(name) +
                               ": this clone has not written it; `git update-ref -d` removes it");
  }
  return results;
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
  try {
    repository_.remove_ref(pending_refs(ref_) + pending.commit.hex(), pending.commit, system_clock());
  } catch (const Error& error) {
    // Without its file the ref counts for nothing.
    if (is_tracing()) trace("ledger", error.message());
  }
  std::error_code ignored;
  std::filesystem::remove(pending_files(repository_, ref_) / pending.commit.hex(), ignored);
}

std::optional<std::string> Ledger::pending_note() const {
  PendingResults pending = pending_results();
  const std::vector<LedgerEntry>& entries = pending.entries;
  std::string note;
  if (!entries.empty()) {
    note = "the ledger does not have " + pluralize(entries.size(), "result") + " that this clone keeps (" +
           entries.front().commit.abbreviated() + (entries.size() > 1 ? ", …" : "") +
           "): the next deployment from here shares it first";
  }
  for (const std::string& warning : pending.warnings) note += (note.empty() ? "" : "; ") + warning;
  return note.empty() ? std::nullopt : std::optional(std::move(note));
}

}  // namespace flowship::deploy
