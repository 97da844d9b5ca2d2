#include "report/failures.hpp"

#include "base/text/pluralize.hpp"
#include "deploy/config/command_hint.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace flowship::report {

namespace {

/// "not deployed: `a`, `b` and 3 more".
std::string with_flows(std::string text, const std::vector<std::string>& flow_ids) {
  constexpr std::size_t kMost = 5;
  for (std::size_t at = 0; at < std::min(kMost, flow_ids.size()); ++at) {
    text += (at == 0 ? ": `" : ", `") + flow_ids[at] + "`";
  }
  return flow_ids.size() > kMost ? text + " and " + std::to_string(flow_ids.size() - kMost) + " more" : text;
}

std::optional<Error> unknown_flows(const std::vector<deploy::Drift>& drift, const std::string& environment) {
  std::vector<std::string> flow_ids;
  const deploy::Drift* first = nullptr;
  for (const deploy::Drift& flow : drift) {
    if (flow.match != deploy::LiveMatch::unknown) continue;
    if (first == nullptr) first = &flow;
    flow_ids.push_back(flow.flow_id);
  }
  if (first == nullptr) return std::nullopt;
  return Error(with_flows("the service could not be asked about " + pluralize(flow_ids.size(), "flow"), flow_ids),
               first->hint(environment));
}

std::string hint_of_undeployed(const deploy::Deployment& deployment, const std::string& again) {
  std::string send_missing = "run " + again + " again to send only what is missing";
  if (!deployment.drifted) return send_missing;
  // A drifted flow's own hint says what was adopted, too.
  for (const deploy::FlowResult& flow : deployment.flows) {
    if (flow.outcome == deploy::FlowOutcome::drifted && !flow.hint.empty()) return flow.hint;
  }
  if (deployment.adopted) return "the console edits are now in the working tree: review and commit them";
  return deployment.drift.empty() ? send_missing : deployment.drift.front().hint(deployment.name_in_commands);
}

}  // namespace

std::optional<Error> failure_of(const std::vector<check::Finding>& findings) {
  const int errors = check::count(findings).errors;
  if (errors == 0) return std::nullopt;
  return Error(pluralize(static_cast<std::size_t>(errors), "validation error"), "fix what `findings` lists");
}

std::optional<Error> failure_of(const deploy::Plan& plan) {
  if (std::optional<Error> invalid = failure_of(plan.findings)) return invalid;
  if (plan.refusal) return plan.refusal;
  return plan.drift ? unknown_flows(*plan.drift, plan.name_in_commands) : std::nullopt;
}

std::optional<Error> failure_of(const deploy::Deployment& deployment) {
  if (deployment.ok()) return std::nullopt;
  if (deployment.unrecorded) return deployment.unrecorded;
  const std::string again = deploy::command_hint(deployment.command, deployment.name_in_commands);
  if (deployment.credentials_refused) {
    return Error("the service refused the key", "check the key and its project, then run " + again + " again");
  }
  if (deployment.stopped_by != 0) return Error("interrupted", "run " + again + " again: it sends only what is missing");
  if (!deployment.conflicts.empty()) {
    std::vector<std::string> flow_ids;
    for (const deploy::FlowConflicts& flow : deployment.conflicts) flow_ids.push_back(flow.flow_id);
    return Error(with_flows("merge conflicts", flow_ids), deployment.conflicts.front().hint);
  }
  std::vector<std::string> flow_ids;
  for (const deploy::FlowResult& flow : deployment.flows) {
    if (!is_done(flow.outcome)) flow_ids.push_back(flow.flow_id);
  }
  if (flow_ids.empty()) return unknown_flows(deployment.drift, deployment.name_in_commands);
  return Error(with_flows("not deployed", flow_ids), hint_of_undeployed(deployment, again));
}

std::optional<Error> failure_of(const deploy::Status& status) {
  std::vector<std::string> flow_ids;
  for (const deploy::FlowStatus& flow : status.flows) {
    if (flow.state == deploy::FlowState::unknown) flow_ids.push_back(flow.flow_id);
  }
  if (flow_ids.empty()) return std::nullopt;
  return Error(with_flows("the service could not be asked about " + pluralize(flow_ids.size(), "flow"), flow_ids),
               "run " + deploy::command_hint("status", status.name_in_commands) + " again");
}

std::optional<Error> failure_of(const deploy::Pulled& pulled) {
  if (pulled.ok()) return std::nullopt;
  std::vector<std::string> flow_ids;
  std::string hint;
  for (const deploy::PulledFlow& flow : pulled.flows) {
    if (flow.outcome != deploy::PullOutcome::failed && flow.outcome != deploy::PullOutcome::conflict) continue;
    flow_ids.push_back(flow.flow_id);
    if (hint.empty()) hint = flow.hint;
  }
  return Error(with_flows("not pulled", flow_ids), hint);
}

std::optional<Error> failure_of(const FileMerge& merge) {
  if (merge.is_clean) return std::nullopt;
  return Error("merge conflicts in " + merge.path,
               "resolve them, then run `git add " + deploy::shell_word(merge.path) + "`");
}

}  // namespace flowship::report
