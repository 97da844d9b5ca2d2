#include "daemon/status/status.hpp"

#include "deploy/config/command_hint.hpp"

#include <algorithm>
#include <array>
#include <tuple>

namespace flowship::daemon {

std::string_view to_text(JobOutcome outcome) {
  constexpr std::array kTexts{"deployed",    "unchanged", "partial", "failed",  "drifted",
                              "credentials", "invalid",   "held",    "stopped", "superseded"};
  return kTexts.at(static_cast<std::size_t>(outcome));
}

bool is_failure(JobOutcome outcome) {
  return outcome != JobOutcome::deployed && outcome != JobOutcome::unchanged && outcome != JobOutcome::held &&
         outcome != JobOutcome::stopped && outcome != JobOutcome::superseded;
}

std::string_view to_text(Trigger trigger) {
  constexpr std::array kTexts{"start", "poll", "webhook", "push", "retry", "drift", "page"};
  return kTexts.at(static_cast<std::size_t>(trigger));
}

bool DriftReport::is_news_after(const DriftReport& earlier) const {
  return std::tie(drifted, missing, unknown, on_drift) !=
         std::tie(earlier.drifted, earlier.missing, earlier.unknown, earlier.on_drift);
}

std::string next_step(const DriftReport& report) {
  if (!report.any()) return {};
  switch (report.on_drift) {
    case deploy::OnDrift::fail:
      return "A deployment that changes one of these flows sends nothing; others leave them as they are (onDrift: "
             "fail).";
    case deploy::OnDrift::skip:
      return "Deployments leave these flows as they are (onDrift: skip).";
    case deploy::OnDrift::overwrite:
      return report.can_restore
                 ? "The next deployment restores the flows that the repository still has (onDrift: overwrite)."
                 : "The repository no longer has these flows: deployments leave them as they are (onDrift: overwrite).";
    case deploy::OnDrift::adopt:
      return "Deployments fail: onDrift: adopt needs a working tree, which a daemon does not have; choose fail, skip "
             "or "
             "overwrite in flowship.json.";
  }
  return {};
}

std::vector<std::string> not_updated(const EnvironmentStatus& environment) {
  std::vector<std::string> flows;
  if (!environment.deployed) return flows;
  for (const FinishedJob& job : environment.recent) {
    if (job.record != environment.deployed->record) continue;
    for (const deploy::FlowResult& flow : job.flows) {
      if (!is_done(flow.outcome)) flows.push_back(flow.flow_id);
    }
    break;
  }
  return flows;
}

std::string hint_on_removed(const std::string& environment, const std::string& flow_id) {
  return "keep the console's version: " + deploy::command_hint("pull", environment, "--theirs", {flow_id}) +
         "; else delete the flow in the console";
}

std::string_view to_text(State state) {
  constexpr std::array kTexts{"failing", "running", "waiting", "drifted", "unknown", "live", "unfollowed", "empty"};
  return kTexts.at(static_cast<std::size_t>(state));
}

State state_of(const EnvironmentStatus& environment) {
  if (environment.failing_since) return State::failing;
  if (environment.running) return State::running;
  if (environment.waiting) return State::waiting;
  if (environment.drift && environment.drift->any()) return State::drifted;
  if (environment.drift && !environment.drift->is_whole()) return State::unknown;
  if (!environment.not_followed.empty()) return State::unfollowed;
  return environment.deployed ? State::live : State::empty;
}

std::optional<EnvironmentStatus> environment_of(const DaemonStatus& status, const std::string& key) {
  const auto found = std::find_if(status.environments.begin(), status.environments.end(),
                                  [&](const EnvironmentStatus& one) { return one.key == key; });
  return found == status.environments.end() ? std::nullopt : std::optional(*found);
}

Health health_of(const DaemonStatus& status, Time now) {
  Health health;
  if (status.stopping) health.reasons.emplace_back("the daemon is stopping");
  for (const MirrorStatus& mirror : status.mirrors) {
    if (mirror.reachable) continue;
    health.reasons.push_back("repository " + mirror.repository +
                             (mirror.since ? " can't be fetched: " + mirror.failure : " has not been fetched yet"));
  }
  for (const EnvironmentStatus& environment : status.environments) {
    if (!environment.failing_since || now - *environment.failing_since <= status.unhealthy_after) continue;
    health.reasons.push_back("environment " + environment.key + " has been failing since " +
                             to_rfc3339(*environment.failing_since) + ": " + environment.failure);
  }
  health.ready = health.reasons.empty();
  return health;
}

}  // namespace flowship::daemon
