#include "deploy/ledger/seen_tip.hpp"

#include "base/error.hpp"
#include "base/files/files.hpp"
#include "base/text/percent.hpp"

#include <string_view>

namespace flowship::deploy {

namespace {

/// A name as one component of a path or a ref.
std::string component(const std::string& name) { return percent_encoded(name, "-_"); }

const char* seen_ending(LedgerPlace place) { return place == LedgerPlace::remote ? ".seen" : ".seen-here"; }

}  // namespace

std::filesystem::path clone_file(const git::Repository& repository, const std::string& ledger_ref, const char* ending) {
  const std::filesystem::path folder = repository.common_directory() / "flowship";
  std::error_code ignored;
  std::filesystem::create_directories(folder, ignored);
  return folder / (component(ledger_ref) + ending);
}

std::string tracking_ref(const std::string& remote, const std::string& ledger_ref) {
  constexpr std::string_view kRefs = "refs/";
  return kTrackingRefs + component(remote) + "/" + ledger_ref.substr(kRefs.size());
}

std::optional<git::ObjectId> seen_tip(const git::Repository& repository, const std::string& ledger_ref,
                                      LedgerPlace place) {
  const std::optional<std::string> text = read_file(clone_file(repository, ledger_ref, seen_ending(place)));
  return text ? git::ObjectId::from_hex(text->substr(0, text->find('\n'))) : std::nullopt;
}

void note_seen_tip(const git::Repository& repository, const std::string& ledger_ref, LedgerPlace place,
                   const git::ObjectId& tip) {
  try {
    write_file_atomically(clone_file(repository, ledger_ref, seen_ending(place)), tip.hex() + "\n");
  } catch (const Error&) {
    // Reading commands work in repositories that they may not write to.
  }
}

void forget_seen_tip(const git::Repository& repository, const std::string& ledger_ref, LedgerPlace place) {
  std::error_code ignored;
  std::filesystem::remove(clone_file(repository, ledger_ref, seen_ending(place)), ignored);
}

std::optional<FileLock> lock_fetch(const git::Repository& repository, const std::string& ledger_ref,
                                   std::chrono::milliseconds patience, const Clock& clock) {
  constexpr std::chrono::milliseconds kPause{10};
  const std::filesystem::path file = clone_file(repository, ledger_ref, ".fetching");
  const StopSignal never;
  const Ticks patience_ends = clock.ticks() + patience;
  try {
    std::optional<FileLock> lock;
    while (!(lock = FileLock::try_lock(file)) && clock.ticks() < patience_ends) {
      clock.sleep_until(clock.ticks() + kPause, never);
    }
    return lock;
  } catch (const Error&) {
    return std::nullopt;
  }
}

Continuation continuation(const git::Repository& repository, git::ObjectId tip, const git::ObjectId& from) {
  while (tip != from) {
    if (!repository.has(tip)) return Continuation::unknown;
    const std::vector<git::ObjectId> parents = repository.facts(tip).parents;
    // libgit2 shows the oldest commit of a shallow history without its parents, as a first one.
    if (parents.empty() && repository.is_shallow()) return Continuation::unknown;
    if (parents.size() != 1) return Continuation::no;
    tip = parents.front();
  }
  return Continuation::yes;
}

}  // namespace flowship::deploy
