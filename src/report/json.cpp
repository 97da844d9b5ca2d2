#include "check/secrets.hpp"
#include "report/assembly.hpp"
#include "report/sentence.hpp"
#include "report/writers.hpp"

namespace flowship::report {

namespace {

Array::Ptr strings(const std::vector<std::string>& texts) {
  Array::Ptr array = json_array();
  for (const std::string& text : texts) array->add(json_string(text));
  return array;
}

Array::Ptr findings_array(const std::vector<check::Finding>& findings) {
  Array::Ptr array = json_array();
  for (const check::Finding& finding : findings) {
    Object::Ptr object = json_object();
    object->set("rule", json_string(finding.rule));
    object->set("severity", std::string(check::to_text(finding.severity)));
    object->set("message", json_string(finding.message));
    object->set("path", json_string(finding.path));
    object->set("line", finding.line);
    object->set("column", finding.column);
    object->set("flowId", json_string_or_null(finding.flow_id));
    object->set("hint", json_string_or_null(finding.hint));
    array->add(object);
  }
  return array;
}

Object::Ptr counts_object(const std::vector<check::Finding>& findings) {
  const check::Counts counts = check::count(findings);
  Object::Ptr object = json_object();
  object->set("error", counts.errors);
  object->set("warning", counts.warnings);
  object->set("note", counts.notes);
  return object;
}

Array::Ptr drift_array(const std::vector<deploy::Drift>& drift) {
  Array::Ptr array = json_array();
  for (const deploy::Drift& flow : drift) {
    Array::Ptr differences = json_array();
    for (const deploy::DriftDifference& difference : flow.differences) {
      Object::Ptr object = json_object();
      object->set("pointer", json_string(difference.pointer));
      object->set("deployed", json_string_or_null(difference.deployed));
      object->set("held", json_string_or_null(difference.held));
      differences->add(object);
    }
    Object::Ptr object = json_object();
    object->set("flowId", json_string(flow.flow_id));
    object->set("state", flow.missing ? "missing" : "drifted");
    object->set("differences", differences);
    array->add(object);
  }
  return array;
}

Array::Ptr results_array(const std::vector<deploy::FlowResult>& results) {
  Array::Ptr array = json_array();
  for (const deploy::FlowResult& result : results) {
    Object::Ptr object = json_object();
    object->set("flowId", json_string(result.flow_id));
    object->set("action", std::string(to_text(result.action)));
    object->set("outcome", std::string(to_text(result.outcome)));
    object->set("attempts", result.attempts);
    object->set("error", json_string_or_null(result.error));
    object->set("hint", json_string_or_null(result.hint));
    object->set("paths", strings(result.paths));
    array->add(object);
  }
  return array;
}

Poco::Dynamic::Var id_or_null(const std::optional<git::ObjectId>& id) {
  return id ? Poco::Dynamic::Var(id->hex()) : Poco::Dynamic::Var();
}

std::string validation(const Validation& validation, const Style&) {
  Object::Ptr root = json_object();
  root->set("ok", check::count(validation.findings).errors == 0);
  root->set("flows", validation.flows);
  root->set("findings", findings_array(validation.findings));
  root->set("counts", counts_object(validation.findings));
  return document_text(root);
}

Array::Ptr description_array(const flow::Description& description) {
  // A long text is cut here as well: the files have it whole.
  constexpr int kCells = 500;
  Array::Ptr array = json_array();
  for (const flow::Statement& statement : description) {
    Object::Ptr object = json_object();
    object->set("topic", std::string(to_text(statement.topic)));
    object->set("kind", std::string(to_text(statement.happening)));
    object->set("subject", json_string_or_null(statement.subject));
    object->set("text", json_string(sentence_text(statement, kCells)));
    object->set("pointer", json_string(check::with_secrets_masked(statement.pointer)));
    array->add(object);
  }
  return array;
}

Object::Ptr change_object(const deploy::Change& change) {
  Object::Ptr object = json_object();
  object->set("flowId", json_string(change.flow_id));
  object->set("action", std::string(to_text(change.action)));
  object->set("paths", strings(change.paths));
  object->set("reason", std::string(to_text(change.reason)));
  object->set("description", description_array(change.description()));
  return object;
}

std::string diff(const deploy::Diff& diff, const Style&) {
  Array::Ptr changes = json_array();
  for (const deploy::Change& change : diff.changes) changes->add(change_object(change));
  Object::Ptr root = json_object();
  root->set("ok", true);
  root->set("before", json_string(diff.before));
  root->set("after", json_string(diff.after));
  root->set("changes", changes);
  root->set("warnings", strings(diff.warnings));
  return document_text(root);
}

std::string plan(const deploy::Plan& plan, const Style&) {
  Array::Ptr changes = json_array();
  for (const deploy::Change& change : plan.changes) {
    Object::Ptr object = change_object(change);
    object->set("after", strings(change.after));
    changes->add(object);
  }
  Object::Ptr root = json_object();
  root->set("ok", check::count(plan.findings).errors == 0);
  root->set("environment", json_string(plan.environment));
  root->set("projectId", json_string_or_null(plan.project_id));
  root->set("target", json_string(plan.target));
  root->set("base", id_or_null(plan.base));
  root->set("changes", changes);
  root->set("unchanged", plan.unchanged);
  root->set("findings", findings_array(plan.findings));
  root->set("warnings", strings(plan.warnings));
  if (plan.drift) root->set("drift", drift_array(*plan.drift));
  return document_text(root);
}

Object::Ptr error_object(const Error& error) {
  Object::Ptr object = json_object();
  object->set("message", json_string(error.message()));
  object->set("hint", json_string(error.hint()));
  return object;
}

std::string deployment(const deploy::Deployment& deployment, const Style&) {
  Object::Ptr root = json_object();
  root->set("ok", deployment.ok());
  root->set("environment", json_string(deployment.environment));
  root->set("projectId", json_string_or_null(deployment.project_id));
  root->set("target", json_string(deployment.target));
  root->set("record", id_or_null(deployment.record));
  root->set("flows", results_array(deployment.flows));
  root->set("unchanged", deployment.unchanged);
  root->set("warnings", strings(deployment.warnings));
  if (deployment.unrecorded) root->set("error", error_object(*deployment.unrecorded));
  return document_text(root);
}

std::string status(const deploy::Status& status, const Style&) {
  Object::Ptr root = json_object();
  root->set("ok", true);
  root->set("environment", json_string(status.environment));
  if (status.deployed) {
    Object::Ptr deployed = json_object();
    deployed->set("target", json_string(status.deployed->target));
    deployed->set("record", status.deployed->record.hex());
    deployed->set("time", to_rfc3339(status.deployed->time));
    deployed->set("unfinished", status.deployed->unfinished);
    root->set("deployed", deployed);
  } else {
    root->set("deployed", Poco::Dynamic::Var());
  }
  Array::Ptr flows = json_array();
  for (const deploy::FlowStatus& flow : status.flows) {
    Object::Ptr object = json_object();
    object->set("flowId", json_string(flow.flow_id));
    object->set("state", std::string(to_text(flow.state)));
    flows->add(object);
  }
  root->set("flows", flows);
  root->set("projectId", json_string_or_null(status.project_id));
  root->set("offline", status.offline);
  root->set("warnings", strings(status.warnings));
  return document_text(root);
}

std::string history(const History& history, const Style&) {
  Array::Ptr deployments = json_array();
  for (const deploy::PastDeployment& deployment : history.deployments) {
    Object::Ptr object = json_object();
    object->set("record", deployment.record.hex());
    object->set("target", json_string(deployment.target));
    object->set("time", to_rfc3339(deployment.time));
    object->set("flows", results_array(deployment.flows));
    object->set("unfinished", deployment.unfinished);
    deployments->add(object);
  }
  Object::Ptr root = json_object();
  root->set("ok", true);
  root->set("environment", json_string(history.environment));
  root->set("deployments", deployments);
  return document_text(root);
}

std::string initialization(const Initialization& initialization, const Style&) {
  Array::Ptr files = json_array();
  for (const Initialization::File& file : initialization.files) {
    const bool is_written = file.outcome == Initialization::File::Outcome::written;
    Object::Ptr object = json_object();
    object->set("path", json_string(file.path));
    object->set("outcome", std::string(is_written ? "written" : "kept"));
    object->set("hint", json_string_or_null(file.hint));
    files->add(object);
  }
  Array::Ptr next = json_array();
  for (const Initialization::Step& step : initialization.next) {
    Object::Ptr object = json_object();
    object->set("command", json_string_or_null(step.command));
    object->set("purpose", json_string(step.purpose));
    next->add(object);
  }
  Object::Ptr root = json_object();
  root->set("ok", true);
  root->set("flows", initialization.flows);
  root->set("sources", strings(initialization.sources));
  root->set("environments", strings(initialization.environments));
  root->set("host", json_string_or_null(initialization.host));
  root->set("files", files);
  root->set("next", next);
  return document_text(root);
}

std::string conversion(const Conversion& conversion, const Style&) {
  Object::Ptr root = json_object();
  root->set("ok", true);
  root->set("flowId", json_string(conversion.flow_id));
  root->set("layout", json_string(conversion.layout));
  root->set("paths", strings(conversion.paths));
  root->set("removed", strings(conversion.removed));
  root->set("dropped", strings(conversion.dropped));
  return document_text(root);
}

std::string pulled(const deploy::Pulled& pulled, const Style&) {
  Array::Ptr flows = json_array();
  for (const deploy::PulledFlow& flow : pulled.flows) {
    Object::Ptr object = json_object();
    object->set("flowId", json_string(flow.flow_id));
    object->set("outcome", std::string(to_text(flow.outcome)));
    object->set("paths", strings(flow.paths));
    object->set("error", json_string_or_null(flow.error));
    flows->add(object);
  }
  Object::Ptr root = json_object();
  root->set("ok", pulled.ok());
  root->set("environment", json_string(pulled.environment));
  root->set("projectId", json_string(pulled.project_id));
  root->set("record", id_or_null(pulled.record));
  root->set("flows", flows);
  root->set("warnings", strings(pulled.warnings));
  return document_text(root);
}

std::string error(const Error& error) {
  Object::Ptr root = json_object();
  root->set("ok", false);
  root->set("error", error_object(error));
  return document_text(root);
}

std::string note(const Note& note) {
  Object::Ptr root = json_object();
  root->set("ok", true);
  root->set(std::string(note.name), json_string_or_null(note.value));
  return document_text(root);
}

}  // namespace

Format json_format() {
  return {.name = "json",
          .summary = "one JSON document, for scripts",
          .validation = validation,
          .plan = plan,
          .diff = diff,
          .deployment = deployment,
          .status = status,
          .history = history,
          .initialization = initialization,
          .conversion = conversion,
          .pulled = pulled,
          .error = error,
          .note = note,
          .graph = graph_json};
}

}  // namespace flowship::report
