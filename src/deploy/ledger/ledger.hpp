#pragma once

#include "deploy/config/config.hpp"
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
};

/// What is deployed in one environment, and how it came to be: the chain of commits behind a ref. The repository must
/// outlive it.
class Ledger {
 public:
  Ledger(const git::Repository& repository, const Environment& environment);

  /// Brings the ledger of `ledger.remote` here, where one is configured. Throws when it can't be reached.
  void fetch();
  /// The newest entry; nothing before the first deployment.
  std::optional<LedgerEntry> head() const;
  LedgerEntry entry(const git::ObjectId& commit) const;
  /// What an entry says of each of its deployment's flows: as long as that deployment was large.
  std::vector<FlowResult> flows(const LedgerEntry& entry) const;
  /// Newest first.
  std::vector<LedgerEntry> entries() const;
  /// The tree `deployed/` of an entry; zero when it is empty.
  git::ObjectId deployed(const LedgerEntry& entry) const;
  /// The sources that an intent is about to deploy, or that a result does not know the outcome of; zero for none.
  git::ObjectId intended(const LedgerEntry& entry) const;

  /// What the service returned once a flow was imported; nothing where the ledger does not have it.
  std::optional<flow::Flow> after(const LedgerEntry& entry, const std::string& flow_id) const;
  /// What the service held before the deployment of `entry`; nothing where it did not replace the flow.
  std::optional<flow::Flow> before(const LedgerEntry& entry, const std::string& flow_id) const;
  /// The same as a blob; zero for none.
  git::ObjectId before_blob(const LedgerEntry& entry, const std::string& flow_id) const;
  /// The ids of the flows that `before/` of an entry has.
  std::vector<std::string> replaced(const LedgerEntry& entry) const;

  /// Appends behind `on` (nothing: as the first), at `ledger.remote` and here. What `on` had under `intended/` and
  /// `before/` is its own, and goes; a flow that stays deployed and whose file `change` gives to another is kept beside
  /// it. Throws `Error` of `Fault::held` when another deployment came first.
  LedgerEntry append(const std::optional<LedgerEntry>& on, Record record, LedgerChange change, const Clock& clock);
  bool is_shared() const { return !remote_.empty(); }
  /// How long git may take for one fetch or push.
  void set_git_limit(std::chrono::milliseconds limit) { git_limit_ = limit; }

  const std::string& ref() const { return ref_; }

 private:
  std::string read(const LedgerEntry& entry, const std::string& path) const;
  bool move(const LedgerEntry& entry, const Clock& clock);
  bool push(const LedgerEntry& entry, const Clock& clock);
  std::optional<flow::Flow> kept(const LedgerEntry& entry, const std::string& folder, const std::string& flow_id) const;

  const git::Repository& repository_;
  std::string environment_;
  std::string ref_;
  /// Empty for none.
  std::string remote_;
  /// What the remote had when it was last asked or told.
  std::optional<git::ObjectId> at_remote_;
  /// Who appends, asked for once.
  std::optional<git::Repository::Author> author_;
  std::chrono::milliseconds git_limit_ = git::kGitPatience;
};

/// The sources that some environment's ledger, as it is here, has as deployed.
std::set<std::string> deployed_sources(const git::Repository& repository, const Config& config);
/// Those of them that one of these files is, or lies in.
std::set<std::string> deployed_sources(const git::Repository& repository, const Config& config,
                                       const std::vector<git::Entry>& files);

/// "runner-7 (process 4711), since 2026-11-24T01:52:00Z".
std::string holder_text(const Record& record);

}  // namespace flowship::deploy
