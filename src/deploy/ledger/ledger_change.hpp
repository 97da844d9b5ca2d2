#pragma once

#include "deploy/ledger/flow_tags.hpp"
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

/// The differences between a new entry's tree and the tree of the entry before.
struct LedgerChange {
  /// By full path in the ledger's tree (`deployed/…`); nothing means removed.
  std::map<std::string, std::optional<git::Repository::TreeItem>> items;
  /// Paths below `deployed/` of flows that are replaced or removed. Any other file that is overwritten belongs to a
  /// flow that stays deployed.
  std::set<std::string, std::less<>> vacated;
  /// What the service's list says of flows that are deployed.
  FlowTags tags;
  /// Flows that are no longer deployed.
  std::set<std::string> gone;
  /// What the entry says of its deployment's flows.
  std::vector<FlowResult> flows;

  /// `source` replaces `old_paths` in `deployed/`.
  void deploy(const flow::Source& source, const std::vector<std::string>& old_paths);
  /// `source` is about to be deployed, or it is unknown whether it was.
  void intend(const flow::Source& source);
  /// Carries over `intended/` and `before/` of `entry`, so that the next deployment can ask about its flows.
  void keep_questions(const Ledger& ledger, const LedgerEntry& entry);
  /// The flow is no longer deployed.
  void remove(const std::vector<std::string>& old_paths);
  /// `blob` is the text of the flow that the service had before this deployment.
  void set_before(const std::string& flow_id, const git::ObjectId& blob);
  /// `blob` is the text of the flow that the service returned after the import; zero if unknown.
  void set_after(const std::string& flow_id, const git::ObjectId& blob);
  /// A file of the tree `deployed` that is overwritten without being vacated belongs to a flow that stays deployed (its
  /// own change failed, or it is a removal that was not carried out). It moves to a path beside, and `flows` and
  /// `record` are updated.
  void keep_displaced(const git::Repository& repository, const git::ObjectId& deployed, Record& record);
};

}  // namespace flowship::deploy
