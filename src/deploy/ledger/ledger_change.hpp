#pragma once

#include "deploy/ledger/record.hpp"
#include "flow/model/flow.hpp"
#include "git/repository.hpp"

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace flowship::deploy {

class Ledger;
struct LedgerEntry;

/// The folders of the ledger's tree.
inline constexpr const char* kDeployed = "deployed/";
inline constexpr const char* kIntended = "intended/";
inline constexpr const char* kBefore = "before/";
inline constexpr const char* kAfter = "after/";

/// What a new entry changes in the tree of the one before.
struct LedgerChange {
  /// Whole paths in the ledger's tree (`deployed/…`); nothing removes.
  std::map<std::string, std::optional<git::Repository::TreeItem>> items;
  /// The paths in `deployed/`, without that, of what is replaced or removed. Whatever else stands where something is
  /// written belongs to a flow that stays deployed.
  std::set<std::string, std::less<>> vacated;
  /// What the entry says of its deployment's flows.
  std::vector<FlowResult> flows;

  /// The flow's sources become what `deployed/` holds of it, in the place of `old_paths`.
  void deploy(const flow::Source& source, const std::vector<std::string>& old_paths);
  /// These sources are about to be deployed, or whether they were is not known.
  void intend(const flow::Source& source);
  /// What `entry` was about to deploy, and what it was about to replace, stays to be asked about.
  void keep_questions(const Ledger& ledger, const LedgerEntry& entry);
  /// The flow is no longer deployed.
  void remove(const std::vector<std::string>& old_paths);
  /// What the service held of a flow before this deployment, as the blob of its text.
  void set_before(const std::string& flow_id, const git::ObjectId& blob);
  /// What the service returned once the flow was imported; a zero id where that is not known.
  void set_after(const std::string& flow_id, const git::ObjectId& blob);
  /// What is written over in the tree `deployed` without having been vacated is of a flow that stays deployed as it
  /// was: it failed, or is only shown as removed, while another flow took its place. It goes beside, and `record`
  /// follows.
  void keep_displaced(const git::Repository& repository, const git::ObjectId& deployed, Record& record);
};

}  // namespace flowship::deploy
