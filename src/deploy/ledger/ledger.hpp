#pragma once

#include "base/error.hpp"
#include "deploy/config/config.hpp"
#include "deploy/ledger/kept_export.hpp"
#include "deploy/ledger/ledger_change.hpp"
#include "deploy/ledger/record.hpp"
#include "flow/model/flow.hpp"
#include "git/remote/transport.hpp"
#include "git/repository.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace flowship::deploy {

/// One commit of the ledger.
struct LedgerEntry {
  git::ObjectId commit;
  git::ObjectId tree;
  std::optional<git::ObjectId> parent;
  Record record;
  /// Of the commit: who deployed.
  std::string author = {};
};

/// The results that this clone keeps until the ledger has them.
struct PendingResults {
  std::vector<LedgerEntry> entries;
  /// What looks like one and is set aside, each with its name: refs that this clone has not written, and what can't be
  /// read.
  std::vector<std::string> warnings;
};

/// A ledger that was rewritten, deleted or appended to without a good signature, or a ref that is not the ledger of the
/// environment.
class UntrustedLedger : public Error {
 public:
  using Error::Error;
};

/// The deployments of one environment: a chain of commits behind a ref. The repository must outlive it.
class Ledger {
 public:
  Ledger(const git::Repository& repository, const Environment& environment);

  /// Makes sure that the newest entry can be trusted. Fetches the ref from `ledger.remote` first, if one is configured,
  /// and moves the local ref there. Throws if the remote can't be reached, and `UntrustedLedger`, nothing moved, if
  /// what it has, or what is here, is not a ledger of this environment, does not go on from what this clone has seen,
  /// or is not signed though it has to be.
  void fetch();
  /// Fetches the older entries too, where a shallow clone lacks them. Only after `fetch`.
  void fetch_older();
  /// The next fetch also takes a ledger that was rewritten or deleted.
  void accept_rewritten() { accepts_rewritten_ = true; }
  /// The newest entry; nothing before the first deployment.
  std::optional<LedgerEntry> head() const;
  LedgerEntry entry(const git::ObjectId& commit) const;
  /// flows.json of an entry. Takes time linear in the flows of that deployment.
  std::vector<FlowResult> flows(const LedgerEntry& entry) const;
  /// Newest first.
  std::vector<LedgerEntry> entries() const;
  /// The tree `deployed/` of an entry; zero if it is empty.
  git::ObjectId deployed(const LedgerEntry& entry) const;
  /// The tree `intended/`: the sources that an intent is about to deploy, or whose outcome a result does not know; zero
  /// if there are none.
  git::ObjectId intended(const LedgerEntry& entry) const;

  /// The deployed flows, with what the service's list said of each.
  FlowTags tags(const LedgerEntry& entry) const;
  /// What the service returned after the latest import of the flow, if the ledger has it.
  std::optional<KeptExport> after(const LedgerEntry& entry, const std::string& flow_id) const;
  /// What the service held before the deployment of `entry`, if that replaced the flow.
  std::optional<KeptExport> before(const LedgerEntry& entry, const std::string& flow_id) const;
  /// The same as a blob; zero if there is none.
  git::ObjectId before_blob(const LedgerEntry& entry, const std::string& flow_id) const;
  /// The ids of the flows in `before/`.
  std::vector<std::string> replaced(const LedgerEntry& entry) const;

  /// Appends to `on` (nothing: as the first entry), at `ledger.remote` and here. `intended/` and `before/` of `on` are
  /// not carried over. Throws `Error` of `Fault::held` if the ref has moved. `clock` is for pauses between tries.
  LedgerEntry append(const std::optional<LedgerEntry>& on, Record record, LedgerChange change, const Clock& clock);
  /// The `Error` of `Fault::held` for a ledger that somebody else has moved.
  Error overtaken() const;
  /// Writes the result of a deployment that has sent requests, on top of its newest entry, and keeps it in this clone
  /// until `drop_pending`: it is not lost when the ledger's remote can't be reached.
  LedgerEntry keep_result(const LedgerEntry& latest, Record record, LedgerChange change);
  /// The results that were kept and not dropped.
  PendingResults pending_results() const;
  /// Puts a pending result on top of `latest`, a renewal that was appended meanwhile.
  LedgerEntry move_pending(const LedgerEntry& pending, const LedgerEntry& latest);
  /// Appends a written entry to the newest one, which it must stand on, at `ledger.remote` and here; false if somebody
  /// else has moved the ref. One try, which `cut` ends.
  bool append_once(const LedgerEntry& entry, const Clock& clock, const StopSignal* cut);
  void drop_pending(const LedgerEntry& pending) const;
  /// Says of pending results that they are, and what was set aside; nothing if there is neither.
  std::optional<std::string> pending_note() const;
  /// Writes an entry that renews the lease of `latest`, an intent or its latest renewal. Nothing moves yet.
  LedgerEntry write_renewal(const LedgerEntry& latest, const Clock& clock);
  /// The same for a deployment that ends without a result: it also says what became of the flows. Those whose outcome
  /// is unknown are unsettled.
  LedgerEntry write_last_renewal(const LedgerEntry& latest, const std::vector<FlowResult>& flows, const Clock& clock);
  /// Moves the ref to such an entry, at `ledger.remote` and here; false if somebody else has moved it. After an `Error`
  /// the same entry can be tried again.
  bool renew(const LedgerEntry& renewal, const Clock& clock);
  bool is_shared() const { return !remote_.empty(); }
  /// Whether the ledger here has entries that its remote did not have at the latest fetch or push.
  bool is_ahead() const { return is_shared() && at_remote_ != repository_.ref(ref_); }
  /// The limit for one fetch or push.
  void set_git_limit(std::chrono::milliseconds limit) { git_limit_ = limit; }

  const std::string& ref() const { return ref_; }

 private:
  std::string read(const LedgerEntry& entry, const std::string& path) const;
  git::ObjectId write_commit(const LedgerEntry& entry, const std::string& message, Time time);
  git::ObjectId write_commit(const git::Repository::NewCommit& commit) const;
  LedgerEntry write_renewal(LedgerEntry entry, std::map<std::string, std::optional<git::Repository::TreeItem>> items,
                            const std::string& message, const Clock& clock);
  void fetch_shared(bool accepts);
  void check_unshared(bool accepts) const;
  std::optional<git::ObjectId> fetch_tip();
  bool is_cut(const git::ObjectId& tip, std::size_t results) const;
  void expect_ledger(const git::ObjectId& tip, const std::string& where) const;
  bool continues(const git::ObjectId& tip, const git::ObjectId& seen) const;
  UntrustedLedger gone(const git::ObjectId& seen) const;
  UntrustedLedger rewritten(const git::ObjectId& tip, const git::ObjectId& seen) const;
  void expect_signed(const git::ObjectId& tip) const;
  bool follows_signed(const git::ObjectId& tip) const;
  void follow(const git::ObjectId& tip, bool backwards);
  void cut_off_older(const git::ObjectId& tip);
  LedgerEntry write_entry(const std::optional<LedgerEntry>& on, Record record, LedgerChange change);
  void keep_pending(const LedgerEntry& entry) const;
  bool move(const LedgerEntry& entry, const Clock& clock);
  bool move_here(const LedgerEntry& entry, const Clock& clock);
  void moved(const LedgerEntry& entry, const Clock& clock);
  void write_tags(const std::optional<LedgerEntry>& on, LedgerChange& change) const;
  bool push(const LedgerEntry& entry, const Clock& clock);
  std::optional<KeptExport> kept(const LedgerEntry& entry, const std::string& folder, const std::string& flow_id) const;

  const git::Repository& repository_;
  std::string environment_;
  std::string ref_;
  /// Empty: not shared.
  std::string remote_;
  /// Where the remote's ref is fetched to; empty if the ledger is not shared.
  std::string tracking_;
  /// Whether entries are signed, and the newest has to be.
  bool signs_ = false;
  bool accepts_rewritten_ = false;
  /// The remote's ref after the latest fetch or push.
  std::optional<git::ObjectId> at_remote_;
  /// Asked for once: that may start git.
  std::optional<git::Repository::Author> author_;
  std::chrono::milliseconds git_limit_ = git::kGitPatience;
};

/// The sources that are deployed in any environment, according to the ledgers in this repository.
std::set<std::string> deployed_sources(const git::Repository& repository, const Config& config);
/// Those that `files` belong to.
std::set<std::string> deployed_sources(const git::Repository& repository, const Config& config,
                                       const std::vector<git::Entry>& files);

/// "runner-7 (process 4711), since 2026-11-24T01:52:00Z", with the address of the GitHub or GitLab run, if it is one.
std::string holder_text(const Record& record);

}  // namespace flowship::deploy
