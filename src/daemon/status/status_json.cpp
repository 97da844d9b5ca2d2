#include "daemon/status/status_json.hpp"

#include "json/assembly.hpp"

namespace flowship::daemon {

namespace {

using json::array;
using json::NamedText;
using json::object;
using json::string_or_null;
using json::strings;
using json::Text;

Text time_or_null(const std::optional<Time>& time) { return time ? Text(to_rfc3339(*time)) : Text(); }

/// `members` with a commit between the first ones, which name the thing, and the others.
std::vector<NamedText> with_commit(std::vector<NamedText> first, const CommitLine& commit,
                                   const std::vector<NamedText>& others) {
  first.push_back({"target", string_or_null(commit.id)});
  first.push_back({"subject", string_or_null(commit.subject)});
  first.insert(first.end(), others.begin(), others.end());
  return first;
}

Text deployed_text(const EnvironmentStatus& environment) {
  const std::optional<Deployed>& facts = environment.deployed;
  if (!facts) return {};
  return object(with_commit({}, facts->commit,
                            {
                                {"time", to_rfc3339(facts->time)},
                                {"record", string_or_null(facts->record)},
                                {"job", string_or_null(facts->job)},
                                {"flows", facts->flows},
                                {"notUpdated", strings(not_updated(environment))},
                                {"leftBehind", strings(environment.left_behind)},
                            }));
}

Text lease_text(const std::optional<LeaseWait>& lease) {
  if (!lease) return {};
  return object({{"since", to_rfc3339(lease->since)}, {"holder", string_or_null(lease->holder)}});
}

Text waiting_text(const std::optional<WaitingJob>& job) {
  if (!job) return {};
  return object(with_commit({}, job->commit,
                            {
                                {"branch", string_or_null(job->branch)},
                                {"trigger", to_text(job->trigger)},
                                {"since", to_rfc3339(job->since)},
                                {"notBefore", time_or_null(job->not_before)},
                                {"failures", job->failures},
                                {"lease", lease_text(job->lease)},
                                {"chosen", strings(job->chosen)},
                            }));
}

Text running_text(const std::optional<RunningJob>& job) {
  if (!job) return {};
  return object(with_commit({{"job", job->id}}, job->commit,
                            {
                                {"branch", string_or_null(job->branch)},
                                {"trigger", to_text(job->trigger)},
                                {"since", to_rfc3339(job->since)},
                                {"flows", job->steps},
                                {"done", job->done},
                                {"pause", string_or_null(job->pause)},
                            }));
}

Text result_text(const deploy::FlowResult& flow) {
  return object({
      {"flowId", flow.flow_id},
      {"action", to_text(flow.action)},
      {"outcome", to_text(flow.outcome)},
      {"attempts", flow.attempts},
      {"error", string_or_null(flow.error)},
  });
}

Text finished_text(const FinishedJob& job) {
  return object(with_commit({{"job", string_or_null(job.id)}, {"outcome", to_text(job.outcome)}}, job.commit,
                            {
                                {"branch", string_or_null(job.branch)},
                                {"trigger", job.id.empty() ? Text() : Text(to_text(job.trigger))},
                                {"since", to_rfc3339(job.since)},
                                {"started", to_rfc3339(job.started)},
                                {"finished", to_rfc3339(job.finished)},
                                {"tries", job.tries},
                                {"record", string_or_null(job.record)},
                                {"flows", array(job.flows, result_text)},
                                {"unchanged", job.unchanged},
                                {"chosen", strings(job.chosen)},
                                {"error", string_or_null(job.error)},
                                {"hint", string_or_null(job.hint)},
                                {"findings", strings(job.findings)},
                                {"warnings", strings(job.warnings)},
                            }));
}

Text drift_text(const std::optional<DriftReport>& report) {
  if (!report) return {};
  return object({
      {"checked", to_rfc3339(report->checked)},
      {"drifted", strings(report->drifted)},
      {"missing", strings(report->missing)},
      {"unmanaged", strings(report->unmanaged)},
      {"unknown", strings(report->unknown)},
      {"onDrift", to_text(report->on_drift)},
      {"next", string_or_null(next_step(*report))},
      {"stretched", report->is_stretched()},
      {"error", string_or_null(report->error)},
  });
}

Text environment_text(const EnvironmentStatus* shown) {
  const EnvironmentStatus& environment = *shown;
  return object({
      {"key", environment.key},
      {"repository", environment.id.repository},
      {"environment", environment.id.environment},
      {"projectId", string_or_null(environment.project_id)},
      {"branch", string_or_null(environment.branch)},
      {"notFollowed", string_or_null(environment.not_followed)},
      {"state", to_text(state_of(environment))},
      {"deployed", deployed_text(environment)},
      {"running", running_text(environment.running)},
      {"waiting", waiting_text(environment.waiting)},
      {"recent", array(environment.recent, finished_text)},
      {"drift", drift_text(environment.drift)},
      {"failingSince", time_or_null(environment.failing_since)},
      {"failure", string_or_null(environment.failure)},
      {"lastSuccess", time_or_null(environment.last_success)},
  });
}

Text mirror_text(const MirrorStatus* shown) {
  const MirrorStatus& mirror = *shown;
  return object({
      {"repository", mirror.repository},
      {"reachable", mirror.reachable},
      {"since", time_or_null(mirror.since)},
      {"lastFetch", time_or_null(mirror.last_fetch)},
      {"failure", string_or_null(mirror.failure)},
  });
}

}  // namespace

std::string status_json(const DaemonStatus& status, Time now, const View& view) {
  const Health health = health_of(status, now);
  const ViewPage page = page_of(status, view);
  return json::document_text(object({
      {"schemaVersion", 1},
      {"ok", health.ready},
      {"reasons", strings(health.reasons)},
      {"version", status.version},
      {"time", to_rfc3339(now)},
      {"started", to_rfc3339(status.started)},
      {"stopping", status.stopping},
      {"page", page.page},
      {"pages", page.pages},
      {"total", page.total},
      {"environments", array(page.environments, environment_text)},
      {"repositories", array(page.mirrors, mirror_text)},
  }));
}

}  // namespace flowship::daemon
