#include "deploy/apply/deploy.hpp"
#include "deploy/ledger/deployed_flows.hpp"
#include "deploy/ledger/history.hpp"
#include "deploy/live/live_state.hpp"

#include <algorithm>
#include <set>

namespace flowship::deploy {

namespace {

/// The plan's own flows, and those that are deployed and stay as they are.
std::vector<Subject> subjects_of(const Plan& plan, const std::vector<Deployed>& deployed,
                                 const std::vector<std::string>& chosen) {
  std::vector<Subject> subjects;
  std::set<std::string> known;
  for (const Change& change : plan.changes) {
    subjects.push_back(subject_of(change));
    known.insert(change.flow_id);
  }
  for (const Deployed& flow : deployed) {
    const bool is_chosen = chosen.empty() || std::find(chosen.begin(), chosen.end(), flow.id) != chosen.end();
    if (!is_chosen || !known.insert(flow.id).second) continue;
    subjects.push_back({.flow_id = flow.id, .sent = flow.sent ? &*flow.sent : nullptr, .wanted = nullptr});
  }
  return subjects;
}

}  // namespace

HeldDigests check_drift(Workspace& workspace, const DeployOptions& options, const Context& context, Plan& plan) {
  api::Service service(
      service_options(options.connection, credentials_of(workspace, options.connection, context), context),
      context.clock, context.stop);
  const std::optional<LedgerEntry> result = last_result(workspace.ledger, workspace.ledger.head());
  std::vector<Deployed> deployed;
  if (result) deployed = deployed_flows(workspace.repository, workspace.ledger, *result);
  const Survey found = survey(subjects_of(plan, deployed, options.flows), workspace.ledger, result, service,
                              options.concurrency, Keep::verdict);
  std::set<std::string> gone_as_wanted;
  for (const Change& change : plan.changes) {
    if (change.action != Action::update) gone_as_wanted.insert(change.flow_id);
  }
  HeldDigests held;
  for (const Change& change : plan.changes) held[change.flow_id] = found.sightings.at(change.flow_id).digest;
  plan.drift.emplace();
  for (const auto& [flow_id, sighting] : found.sightings) {
    const bool missing = sighting.state == Sighting::State::absent && !gone_as_wanted.contains(flow_id);
    if (!missing && sighting.state != Sighting::State::drifted) continue;
    plan.drift->push_back({.flow_id = flow_id, .missing = missing, .differences = sighting.differences});
  }
  return held;
}

}  // namespace flowship::deploy
