#pragma once

#include "deploy/config/config.hpp"
#include "deploy/ledger/deployed_flows.hpp"
#include "deploy/live/live_state.hpp"
#include "deploy/plan/plan.hpp"

namespace flowship::deploy {

/// Sorts the steps: subflows first, else by id; deletions last.
void put_in_order(Plan& plan);

/// The versions of a change to compare with the live state. The change must outlive it.
Lookup lookup_of(const Change& change);

/// What to ask the service about: the plan's changes, and the deployed flows that it leaves as they are; where the
/// request names flows, of these alone. Plan and environment must outlive it.
LiveQuery live_query(const Plan& plan, const LastDeployed& last, const Environment& environment);

/// Takes the live state into the plan, and decides what is done about each flow: what the service has as desired is
/// only recorded, and of what was edited or deleted in the console `policy` decides. `last` is read for flows to
/// restore.
void add_live_state(Plan& plan, LiveState state, OnDrift policy, const LastDeployed& last);

}  // namespace flowship::deploy
