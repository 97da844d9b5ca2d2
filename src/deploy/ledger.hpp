#pragma once

#include "deploy/config.hpp"
#include "deploy/record.hpp"
#include "flow/flow.hpp"
#include "git/repository.hpp"

#include <map>
#include <optional>
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

/// What a new entry changes in the tree of the one before.
struct LedgerChange {
  /// Whole paths in the ledger's tree (`deployed/…`); nothing removes.
  std::map<std::string, std::optional<git::Repository::TreeItem>> items;

  /// The flow's sources become what `deployed/` holds of it, in the place of `old_paths`.
  void deploy(const flow::Source& source, const std::vector<std::string>& old_paths);
  /// An intent: these sources are about to be deployed.
  void intend(const flow::Source& source);
  /// The flow is no longer deployed.
  void remove(const std::vector<std::string>& old_paths);
};

/// What is deployed in one environment, and how it came to be: the chain of commits behind a ref. The repository must
/// outlive it.
class Ledger {
 public:
  Ledger(const git::Repository& repository, const Environment& environment);

  /// The newest entry; nothing before the first deployment.
  std::optional<LedgerEntry> head() const;
  LedgerEntry entry(const git::ObjectId& commit) const;
  /// Newest first.
  std::vector<LedgerEntry> entries() const;
  /// The tree `deployed/` of an entry; zero when it is empty.
  git::ObjectId deployed(const LedgerEntry& entry) const;
  /// The sources that an intent is about to deploy; zero for none.
  git::ObjectId intended(const LedgerEntry& entry) const;

  /// Appends behind `on` (nothing: as the first). Throws `Error` of `Fault::held` when another deployment came first.
  LedgerEntry append(const std::optional<LedgerEntry>& on, const Record& record, const LedgerChange& change) const;

  const std::string& ref() const { return ref_; }

 private:
  const git::Repository& repository_;
  std::string environment_;
  std::string ref_;
};

/// "runner-7 (process 4711), since 2026-11-24T01:52:00Z".
std::string holder_text(const Record& record);

}  // namespace flowship::deploy
