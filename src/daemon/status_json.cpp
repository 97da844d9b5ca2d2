#include "daemon/status_json.hpp"

#include "report/assembly.hpp"

namespace flowship::daemon {

namespace {

using Poco::Dynamic::Var;
using report::Array;
using report::json_array;
using report::json_object;
using report::json_string;
using report::json_string_or_null;
using report::Object;

Var time_or_null(const std::optional<Time>& time) { return time ? Var(to_rfc3339(*time)) : Var(); }

Array::Ptr strings(const std::vector<std::string>& texts) {
  Array::Ptr array = json_array();
  for (const std::string& text : texts) array->add(json_string(text));
  return array;
}

void set_commit(Object& object, const CommitLine& commit) {
  object.set("target", json_string_or_null(commit.id));
  object.set("subject", json_string_or_null(commit.subject));
}

Var deployed(const EnvironmentStatus& environment) {
  const std::optional<Deployed>& facts = environment.deployed;
  if (!facts) return {};
  Object::Ptr object = json_object();
  set_commit(*object, facts->commit);
  object->set("time", to_rfc3339(facts->time));
  object->set("record", json_string_or_null(facts->record));
  object->set("job", json_string_or_null(facts->job));
  object->set("flows", facts->flows);
  object->set("leftBehind", strings(left_behind(environment)));
  return object;
}

Var waiting(const std::optional<WaitingJob>& job) {
  if (!job) return {};
  Object::Ptr object = json_object();
  set_commit(*object, job->commit);
  object->set("branch", json_string_or_null(job->branch));
  object->set("trigger", std::string(to_text(job->trigger)));
  object->set("since", to_rfc3339(job->since));
  object->set("notBefore", time_or_null(job->not_before));
  object->set("failures", job->failures);
  return object;
}

Var running(const std::optional<RunningJob>& job) {
  if (!job) return {};
  Object::Ptr object = json_object();
  object->set("job", json_string(job->id));
  set_commit(*object, job->commit);
  object->set("branch", json_string_or_null(job->branch));
  object->set("trigger", std::string(to_text(job->trigger)));
  object->set("since", to_rfc3339(job->since));
  object->set("flows", static_cast<Poco::UInt64>(job->steps));
  object->set("done", static_cast<Poco::UInt64>(job->done));
  object->set("pause", json_string_or_null(job->pause));
  return object;
}

Object::Ptr flow_result(const deploy::FlowResult& flow) {
  Object::Ptr object = json_object();
  object->set("flowId", json_string(flow.flow_id));
  object->set("action", std::string(to_text(flow.action)));
  object->set("outcome", std::string(to_text(flow.outcome)));
  object->set("attempts", flow.attempts);
  object->set("error", json_string_or_null(flow.error));
  return object;
}

Object::Ptr finished(const FinishedJob& job) {
  Object::Ptr object = json_object();
  object->set("job", json_string_or_null(job.id));
  object->set("outcome", std::string(to_text(job.outcome)));
  set_commit(*object, job.commit);
  object->set("branch", json_string_or_null(job.branch));
  object->set("trigger", job.id.empty() ? Var() : Var(std::string(to_text(job.trigger))));
  object->set("since", to_rfc3339(job.since));
  object->set("started", to_rfc3339(job.started));
  object->set("finished", to_rfc3339(job.finished));
  object->set("tries", job.tries);
  object->set("record", json_string_or_null(job.record));
  Array::Ptr flows = json_array();
  for (const deploy::FlowResult& flow : job.flows) flows->add(flow_result(flow));
  object->set("flows", flows);
  object->set("unchanged", job.unchanged);
  object->set("error", json_string_or_null(job.error));
  object->set("hint", json_string_or_null(job.hint));
  object->set("findings", strings(job.findings));
  object->set("warnings", strings(job.warnings));
  return object;
}

Var drift(const std::optional<DriftReport>& report) {
  if (!report) return {};
  Object::Ptr object = json_object();
  object->set("checked", to_rfc3339(report->checked));
  object->set("drifted", strings(report->drifted));
  object->set("missing", strings(report->missing));
  object->set("unmanaged", strings(report->unmanaged));
  object->set("error", json_string_or_null(report->error));
  return object;
}

Object::Ptr environment_object(const EnvironmentStatus& environment) {
  Object::Ptr object = json_object();
  object->set("key", json_string(environment.key));
  object->set("repository", json_string(environment.id.repository));
  object->set("environment", json_string(environment.id.environment));
  object->set("projectId", json_string_or_null(environment.project_id));
  object->set("branch", json_string_or_null(environment.branch));
  object->set("notFollowed", json_string_or_null(environment.not_followed));
  object->set("state", std::string(to_text(state_of(environment))));
  object->set("deployed", deployed(environment));
  object->set("running", running(environment.running));
  object->set("waiting", waiting(environment.waiting));
  Array::Ptr recent = json_array();
  for (const FinishedJob& job : environment.recent) recent->add(finished(job));
  object->set("recent", recent);
  object->set("drift", drift(environment.drift));
  object->set("failingSince", time_or_null(environment.failing_since));
  object->set("failure", json_string_or_null(environment.failure));
  object->set("lastSuccess", time_or_null(environment.last_success));
  return object;
}

Object::Ptr mirror_object(const MirrorStatus& mirror) {
  Object::Ptr object = json_object();
  object->set("repository", json_string(mirror.repository));
  object->set("reachable", mirror.reachable);
  object->set("since", time_or_null(mirror.since));
  object->set("lastFetch", time_or_null(mirror.last_fetch));
  object->set("failure", json_string_or_null(mirror.failure));
  return object;
}

}  // namespace

std::string status_json(const DaemonStatus& status, Time now) {
  const Health health = health_of(status, now);
  Object::Ptr root = json_object();
  root->set("ok", health.ready);
  root->set("reasons", strings(health.reasons));
  root->set("version", static_cast<Poco::UInt64>(status.version));
  root->set("time", to_rfc3339(now));
  root->set("started", to_rfc3339(status.started));
  root->set("stopping", status.stopping);
  Array::Ptr environments = json_array();
  for (const EnvironmentStatus& environment : status.environments) environments->add(environment_object(environment));
  root->set("environments", environments);
  Array::Ptr repositories = json_array();
  for (const MirrorStatus& mirror : status.mirrors) repositories->add(mirror_object(mirror));
  root->set("repositories", repositories);
  return report::document_text(root);
}

}  // namespace flowship::daemon
