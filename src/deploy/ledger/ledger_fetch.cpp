#include "base/text/printable.hpp"
#include "deploy/config/command_hint.hpp"
#include "deploy/ledger/ledger.hpp"
#include "deploy/ledger/seen_tip.hpp"
#include "git/remote/signing.hpp"
#include "git/shallow.hpp"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

// How a ledger comes to be trusted: fetched from its remote, found to go on from what this clone has seen, and signed
// where that is asked for.

namespace flowship::deploy {

namespace {

/// How many entries a clone fetches first, and how much deeper it goes until it has the results that a deployment looks
/// at: the last one, and the one before, which an interrupted deployment began with.
constexpr int kFirstDepth = 12;
constexpr int kDeeper = 4;
constexpr int kMostDepth = 100'000;
constexpr std::size_t kResultsNeeded = 2;
constexpr std::size_t kAllResults = std::numeric_limits<std::size_t>::max();

/// git in the clone that a message is about: a bare one is seldom the one that the reader is in.
std::string git_in(const git::Repository& repository) {
  return repository.is_bare() ? "git --git-dir=" + shell_word(repository.git_directory().string()) : "git";
}

/// In a bare clone, which a daemon or a hook deploys from, the next deployment is theirs.
std::string accept_command(const git::Repository& repository, const std::string& environment) {
  const std::string option = " --env " + environment + " --accept-rewritten-ledger";
  return repository.is_bare()
             ? "flowship unlock" + option + " --repo " + shell_word(repository.git_directory().string())
             : "flowship deploy" + option;
}

/// Whether `tip` goes on from a signed entry; nothing if that is not known: a shallow clone lacks the older ones.
std::optional<bool> signed_before(const git::Repository& repository, git::ObjectId tip) {
  const std::vector<git::ObjectId> cuts = git::shallow_commits(repository);
  for (;;) {
    if (!repository.has(tip)) return std::nullopt;
    const git::CommitFacts facts = repository.facts(tip);
    if (facts.is_signed) return true;
    if (std::find(cuts.begin(), cuts.end(), tip) != cuts.end()) return std::nullopt;
    if (facts.parents.empty()) return false;
    tip = facts.parents.front();
  }
}

git::Repository::Author author_of(const git::CommitFacts& commit) {
  const std::string& text = commit.author;
  const std::size_t name = text.rfind(" <");
  return {.name = text.substr(0, name), .email = text.substr(name + 2, text.size() - name - 3)};
}

}  // namespace

void Ledger::fetch() {
  const bool accepts = std::exchange(accepts_rewritten_, false);
  if (is_shared()) {
    fetch_shared(accepts);
  } else {
    check_unshared(accepts);
  }
}

void Ledger::fetch_shared(bool accepts) {
  if (ref_.starts_with(kTrackingRefs)) throw UntrustedLedger("a ledger can't lie in " + std::string(kTrackingRefs));
  const std::optional<FileLock> alone = lock_fetch(repository_, ref_, git_limit_, system_clock());
  // Before the fetch: a deployment in this clone may move both on meanwhile.
  std::optional<git::ObjectId> seen = seen_tip(repository_, ref_, LedgerPlace::remote);
  const std::optional<git::ObjectId> here = repository_.ref(ref_);
  if (here) expect_ledger(*here, "in this clone");
  const std::optional<git::ObjectId> tip = fetch_tip();
  // A ledger that was not shared so far.
  if (tip && !seen) seen = here;
  if (seen && !accepts) {
    if (!tip) throw gone(*seen);
    if (!continues(*tip, *seen)) throw rewritten(*tip, *seen);
  }
  if (tip) {
    expect_signed(*tip);
    // The fetch itself only moves it forward.
    const std::optional<git::ObjectId> tracked = repository_.ref(tracking_);
    if (tracked != tip) repository_.compare_and_swap(tracking_, tracked, *tip, "flowship fetch", system_clock());
    follow(*tip, accepts);
    if (seen_tip(repository_, ref_, LedgerPlace::remote) != tip)
      note_seen_tip(repository_, ref_, LedgerPlace::remote, *tip);
  } else if (accepts) {
    if (here) cut_off_older(*here);
    forget_seen_tip(repository_, ref_, LedgerPlace::remote);
  }
  const std::optional<git::ObjectId> now = repository_.ref(ref_);
  if (now && now != tip) expect_signed(*now);
  at_remote_ = tip;
}

/// Whoever can delete the ref can start again; what must not go unnoticed is another history.
void Ledger::check_unshared(bool accepts) const {
  // In this order: a deployment in this clone moves the ref first.
  const std::optional<git::ObjectId> seen = seen_tip(repository_, ref_, LedgerPlace::here);
  const std::optional<git::ObjectId> here = repository_.ref(ref_);
  if (!here) return;
  if (seen == here) {
    expect_signed(*here);
    return;
  }
  // Throws where it is no ledger.
  const Phase phase = entry(*here).record.phase;
  if (seen && !accepts && continuation(repository_, *here, *seen) == Continuation::no) throw rewritten(*here, *seen);
  expect_signed(*here);
  // An intent only says who deploys; its result is what later deployments and rollbacks build on.
  if (phase == Phase::result) note_seen_tip(repository_, ref_, LedgerPlace::here, *here);
}

/// Whether the history that is here ends before so many results.
bool Ledger::is_cut(const git::ObjectId& tip, std::size_t results) const {
  const std::vector<git::ObjectId> cuts = git::shallow_commits(repository_);
  for (git::ObjectId next = tip;;) {
    const LedgerEntry at = entry(next);
    if (at.record.phase == Phase::result && --results == 0) return false;
    if (std::find(cuts.begin(), cuts.end(), next) != cuts.end()) return true;
    if (!at.parent) return false;
    next = *at.parent;
  }
}

void Ledger::fetch_older() {
  const std::optional<git::ObjectId> tip = repository_.ref(tracking_.empty() ? ref_ : tracking_);
  if (!is_shared() || !tip || !repository_.is_shallow()) return;
  git::fetch_history(repository_, remote_, ref_, tracking_, git_limit_);
}

/// The remote's newest entry, which is one of this environment. A clone that has none yet gets only the newest ones.
std::optional<git::ObjectId> Ledger::fetch_tip() {
  const bool is_first = !repository_.ref(tracking_) && !repository_.ref(ref_);
  std::optional<git::ObjectId> tip =
      is_first ? git::fetch_newest(repository_, remote_, ref_, tracking_, kFirstDepth, git_limit_)
               : git::fetch_ref(repository_, remote_, ref_, tracking_, git_limit_);
  for (int depth = kFirstDepth; is_first && tip && depth < kMostDepth;) {
    expect_ledger(*tip, "at `" + printable(remote_) + "`");
    if (!is_cut(*tip, kResultsNeeded)) break;
    depth *= kDeeper;
    tip = git::fetch_newest(repository_, remote_, ref_, tracking_, depth, git_limit_);
  }
  if (tip) expect_ledger(*tip, "at `" + printable(remote_) + "`");
  return tip;
}

void Ledger::expect_ledger(const git::ObjectId& tip, const std::string& where) const {
  try {
    entry(tip);
  } catch (const Error& error) {
    throw UntrustedLedger(ref_ + " " + where + " is not a ledger of `" + environment_ + "`: " + error.message(),
                          error.hint());
  }
}

/// Whether `tip` is the entry that was seen, or goes on from it.
bool Ledger::continues(const git::ObjectId& tip, const git::ObjectId& seen) const {
  Continuation found = continuation(repository_, tip, seen);
  if (found == Continuation::unknown) {
    git::fetch_history(repository_, remote_, ref_, tracking_, git_limit_);
    found = continuation(repository_, tip, seen);
  }
  return found == Continuation::yes;
}

/// git pushes no history that is cut off to a remote without the rest. The entries that a shallow clone has become a
/// history of their own.
void Ledger::cut_off_older(const git::ObjectId& tip) {
  if (!is_cut(tip, kAllResults)) return;
  // Before they get this clone's own signatures.
  expect_signed(tip);
  std::vector<LedgerEntry> kept = entries();
  std::optional<git::ObjectId> parent;
  for (auto entry = kept.rbegin(); entry != kept.rend(); ++entry) {
    const git::CommitFacts facts = repository_.facts(entry->commit);
    git::Repository::NewCommit commit{
        .tree = facts.tree, .parents = {}, .message = facts.message, .time = facts.time, .author = author_of(facts)};
    if (parent) commit.parents.push_back(*parent);
    parent = write_commit(commit);
  }
  if (parent) repository_.compare_and_swap(ref_, tip, *parent, "flowship start again", system_clock());
}

UntrustedLedger Ledger::gone(const git::ObjectId& seen) const {
  const bool is_whole = repository_.has(seen) && !is_cut(seen, kAllResults);
  return UntrustedLedger("the ledger " + ref_ + " is gone from `" + printable(remote_) +
                             "`: this clone has seen it at " + seen.abbreviated(),
                         std::string("find out who deleted it; to put it back") +
                             (is_whole ? ": " + git_in(repository_) : ", from a clone that has all entries: git") +
                             " push " + printable(remote_) + " " + seen.hex() + ":" + ref_ +
                             "; to deploy without it: " + accept_command(repository_, environment_));
}

UntrustedLedger Ledger::rewritten(const git::ObjectId& tip, const git::ObjectId& seen) const {
  const std::string where = is_shared() ? " at `" + printable(remote_) + "`" : " in this repository";
  return UntrustedLedger("the ledger " + ref_ + where + " was rewritten: " + tip.abbreviated() +
                             " does not go on from " + seen.abbreviated() + ", which this clone has seen",
                         "compare `" + git_in(repository_) + " log " + tip.hex() + "` with `" + git_in(repository_) +
                             " log " + seen.hex() +
                             "`; to go on from the rewritten one: " + accept_command(repository_, environment_));
}

/// Moves the local ref to `tip`, from a later entry only if it may go `backwards`.
void Ledger::follow(const git::ObjectId& tip, bool backwards) {
  for (;;) {
    const std::optional<git::ObjectId> here = repository_.ref(ref_);
    if (here == tip) return;
    // In this order, so that the usual step forward does not walk the whole history.
    if (here && !backwards && continuation(repository_, tip, *here) != Continuation::yes &&
        continuation(repository_, *here, tip) == Continuation::yes) {
      return;
    }
    if (repository_.compare_and_swap(ref_, here, tip, "flowship fetch", system_clock())) return;
  }
}

/// Entries from before the first signed one need no signature.
void Ledger::expect_signed(const git::ObjectId& tip) const {
  if (!signs_) return;
  const std::string entry = "the newest entry " + tip.abbreviated() + " of the ledger " + ref_;
  if (!repository_.facts(tip).is_signed) {
    if (!follows_signed(tip)) return;
    throw UntrustedLedger(entry + " is not signed, though earlier entries are",
                          "find out who appended it (`" + git_in(repository_) + " log --show-signature " + tip.hex() +
                              "`), put the ref back to the last entry that you trust, and run `" +
                              accept_command(repository_, environment_) +
                              "`; whoever deploys needs `\"sign\": true` and a signing key");
  }
  const std::optional<git::BadSignature> bad = git::bad_signature(repository_, tip, git_limit_);
  if (!bad) return;
  if (bad->without_signers) {
    throw UntrustedLedger(entry + " can't be verified: no allowed signers are configured",
                          "list the principals and public keys of those who may deploy in a file outside the working "
                          "tree, and run: git config gpg.ssh.allowedSignersFile FILE");
  }
  throw UntrustedLedger(
      entry + " has no good signature: " + bad->why,
      "if its signer may deploy, add the key to gpg.ssh.allowedSignersFile (ssh) or import it, renewed "
      "if it has expired, with `gpg --import` (openpgp); otherwise find out who appended it (`" +
          git_in(repository_) + " log --show-signature " + tip.hex() +
          "`) and put the ref back to the last entry that you trust");
}

bool Ledger::follows_signed(const git::ObjectId& tip) const {
  std::optional<bool> found = signed_before(repository_, tip);
  if (!found && is_shared()) {
    git::fetch_history(repository_, remote_, ref_, tracking_, git_limit_);
    // Opened again: newer versions of libgit2 remember where the history ended.
    found = signed_before(git::Repository::open(repository_.common_directory()), tip);
  }
  if (found) return *found;
  throw UntrustedLedger("the newest entry " + tip.abbreviated() + " of the ledger " + ref_ +
                            " is not signed, and this clone does not have the oldest ones, which may be",
                        "fetch them (git fetch --unshallow), or deploy from a clone that has them");
}

}  // namespace flowship::deploy
