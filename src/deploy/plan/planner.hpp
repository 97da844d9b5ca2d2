#pragma once

#include "deploy/config/config.hpp"
#include "deploy/config/credentials.hpp"
#include "deploy/ledger/ledger.hpp"
#include "deploy/plan/plan.hpp"
#include "deploy/plan/workspace.hpp"
#include "git/revision.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace flowship::deploy {

struct PlanInputs {
  const git::Repository& repository;
  const git::Revision& revision;
  const Config& config;
  const Environment& environment;
  const Ledger& ledger;
  /// Nothing before the first deployment.
  std::optional<LedgerEntry> head;
  /// Where it is known; else the environment's or the ledger's.
  std::string project_id;
  /// The flows to restrict the plan to; empty: all. A name that nobody knows is an `Error` of usage.
  std::vector<std::string> flows;
  /// Whether the revision is what a ledger tells.
  bool from_ledger = false;
  /// Flows that are sent as their source says, without overrides, where its digest is this one.
  std::map<std::string, std::string> exact = {};
};

/// What the plan of a workspace is made from.
PlanInputs plan_inputs(const Workspace& workspace, std::optional<LedgerEntry> head, std::string project_id,
                       const std::vector<std::string>& flows);

/// Compares the revision with what is deployed. Nothing is sent and nothing is written.
Plan make_plan(const PlanInputs& inputs);

/// Fetches a shared ledger; where that fails, why, as a warning: what follows is by what was last known here.
std::optional<std::string> fetch_if_reachable(Ledger& ledger);

/// What `deploy` would do now, by the ledger alone; needs no key and no network.
/// A shared ledger is fetched where it can be reached; else the plan warns.
Plan plan(Workspace& workspace, const std::vector<std::string>& flows, const Variables& variables);

}  // namespace flowship::deploy
