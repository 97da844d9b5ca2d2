#include "base/text/pluralize.hpp"
#include "check/rules/secrets.hpp"
#include "json/assembly.hpp"
#include "json/document.hpp"
#include "report/conflicts.hpp"
#include "report/failures.hpp"
#include "report/text/sentence.hpp"
#include "report/writers.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace flowship::report {

namespace {

using json::array;
using json::document_text;
using json::embedded;
using json::NamedText;
using json::object;
using json::string_or_null;
using json::strings;
using json::Text;

Text failure_text(const Error& error) {
  return object({{"message", error.message()}, {"hint", string_or_null(error.hint())}});
}

/// A whole document, with the version of its form. It is ok unless there is a failure.
std::string result_document(std::vector<NamedText> members, const std::optional<Error>& failure = {}) {
  members.insert(members.begin(), {{"schemaVersion", 1}, {"ok", !failure}});
  if (failure) members.push_back({"error", failure_text(*failure)});
  return document_text(object(members));
}

Text finding_text(const check::Finding& finding) {
  const auto place_text = [&finding](const check::Place& place) {
    return object(
        {{"path", finding.path}, {"line", place.line}, {"column", place.column}, {"task", string_or_null(place.task)}});
  };
  return object({
      {"rule", finding.rule},
      {"severity", check::to_text(finding.severity)},
      {"message", finding.message},
      {"path", finding.path},
      {"line", finding.line},
      {"column", finding.column},
      {"flowId", string_or_null(finding.flow_id)},
      {"hint", string_or_null(finding.hint)},
      {"places", array(finding.places, place_text)},
  });
}

Text counts_member(const std::vector<check::Finding>& findings) {
  const check::Counts counts = check::count(findings);
  return object({{"error", counts.errors}, {"warning", counts.warnings}, {"note", counts.notes}});
}

Text statement_text(const flow::Statement& statement) {
  // Long texts are cut here too; the files have them in full.
  constexpr int kWidth = 500;
  return object({
      {"topic", to_text(statement.topic)},
      {"kind", to_text(statement.kind)},
      {"subject", string_or_null(statement.subject)},
      {"text", sentence_text(statement, kWidth)},
      {"pointer", check::with_secrets_masked(statement.pointer)},
  });
}

Text drift_member(const deploy::Drift& flow) {
  return object({
      {"flowId", flow.flow_id},
      {"state", flow.state()},
      {"error", string_or_null(flow.error)},
      {"description", array(flow.edits, statement_text)},
  });
}

Text result_member(const deploy::FlowResult& result) {
  // The outcome of a flow is unknown while its deployment runs, and if it died.
  Text outcome = result.outcome == deploy::FlowOutcome::pending ? Text() : Text(to_text(result.outcome));
  return object({
      {"flowId", result.flow_id},
      {"action", to_text(result.action)},
      {"outcome", std::move(outcome)},
      {"attempts", result.attempts},
      {"error", string_or_null(result.error)},
      {"hint", string_or_null(result.hint)},
      {"paths", strings(result.paths)},
  });
}

Text id_or_null(const std::optional<git::ObjectId>& id) { return id ? Text(id->hex()) : Text(); }

std::string validation_json(const Validation& validation, const Style&) {
  return result_document(
      {
          {"flows", validation.flows},
          {"findings", array(validation.findings, finding_text)},
          {"counts", counts_member(validation.findings)},
      },
      failure_of(validation.findings));
}

std::vector<NamedText> change_members(const deploy::Change& change) {
  return {
      {"flowId", change.flow_id},
      {"action", to_text(change.action)},
      {"paths", strings(change.paths)},
      {"reason", to_text(change.reason)},
      {"description", array(change.description(), statement_text)},
  };
}

/// Writes guarantees; where thousands are lost, only the first ones with their paths.
class GuaranteeWriter {
 public:
  Text operator()(const deploy::GuaranteeChange& change);

 private:
  /// Of paths that were not written before, and of others: some 20 and 2 MB.
  static constexpr std::size_t kMostSteps = 200'000;
  static constexpr std::size_t kMostRepeated = 20'000;

  bool is_written(const deploy::GuaranteeWitness& witness) {
    const std::size_t steps = steps_ + witness.path.size();
    if (steps > (written_.insert(&witness).second ? kMostSteps : kMostRepeated)) return false;
    steps_ = steps;
    return true;
  }

  std::size_t steps_ = 0;
  std::set<const deploy::GuaranteeWitness*> written_;
};

Text GuaranteeWriter::operator()(const deploy::GuaranteeChange& change) {
  const auto number = [](const std::optional<std::size_t>& value) { return value ? Text(*value) : Text(); };
  const bool is_written = change.witness != nullptr && this->is_written(*change.witness);
  const flow::Path& path = is_written ? change.witness->path : flow::Path();
  std::vector<NamedText> members = {
      {"flowId", change.flow_id},
      {"change", to_text(change.kind)},
      {"key", string_or_null(check::with_secrets_masked(change.key))},
      {"from", number(change.from)},
      {"to", number(change.to)},
      {"path", array(path, path_step_text)},
  };
  if (change.witness && (!is_written || change.witness->is_truncated)) members.push_back({"truncated", true});
  if (!change.ignored.empty()) members.push_back({"ignored", change.ignored});
  return object(members);
}

std::string diff_json(const deploy::Diff& diff, const Style&) {
  return result_document(
      {
          {"before", diff.before},
          {"after", diff.after},
          {"changes", array(diff.changes, [](const deploy::Change& change) { return object(change_members(change)); })},
          {"guarantees", array(diff.guarantees, GuaranteeWriter())},
          {"findings", array(diff.findings, finding_text)},
          {"warnings", strings(diff.warnings)},
      },
      failure_of(diff.findings));
}

Text planned_text(const deploy::Change& change) {
  std::vector<NamedText> members = change_members(change);
  members.push_back({"after", strings(change.after)});
  return object(members);
}

std::string plan_json(const deploy::Plan& plan, const Style&) {
  std::vector<NamedText> members = {
      {"environment", plan.environment},
      {"projectId", string_or_null(plan.project_id)},
      {"target", plan.target},
      {"base", id_or_null(plan.base)},
      {"changes", array(plan.changes, planned_text)},
      {"unchanged", plan.unchanged},
      {"leftBehind",
       array(plan.left_behind, [](const deploy::LeftBehind& flow) { return Text(flow.removal.flow_id); })},
      {"findings", array(plan.findings, finding_text)},
      {"warnings", strings(plan.warnings)},
  };
  members.push_back({"live", plan.drift ? "asked" : "not asked"});
  members.push_back({"guarantees", array(plan.guarantees, GuaranteeWriter())});
  members.push_back({"drift", plan.drift ? array(*plan.drift, drift_member) : array({})});
  return result_document(std::move(members), failure_of(plan));
}

Text flow_conflicts_text(const deploy::FlowConflicts& flow) {
  return object({{"flowId", flow.flow_id},
                 {"reason", flow.reason},
                 {"hint", flow.hint},
                 {"conflicts", conflicts_json(flow.conflicts)}});
}

std::string deployment_json(const deploy::Deployment& deployment, const Style&) {
  std::vector<NamedText> members = {
      {"environment", deployment.environment},
      {"projectId", string_or_null(deployment.project_id)},
      {"target", deployment.target},
      {"record", id_or_null(deployment.record)},
      {"flows", array(deployment.flows, result_member)},
      {"unchanged", deployment.unchanged},
      {"leftBehind", strings(deployment.left_behind)},
      {"drift", array(deployment.drift, drift_member)},
      {"conflicts", array(deployment.conflicts, flow_conflicts_text)},
      {"newIds", new_ids_json(deployment.new_ids)},
      {"adopted", strings(deployment.adopted_paths)},
      {"warnings", strings(deployment.warnings)},
  };
  if (!deployment.superseded.empty()) members.push_back({"superseded", deployment.superseded});
  return result_document(std::move(members), failure_of(deployment));
}

Text deployed_text(const deploy::Status& status) {
  if (!status.deployed) return {};
  return object({
      {"target", status.deployed->target},
      {"record", status.deployed->record.hex()},
      {"time", to_rfc3339(status.deployed->time)},
      {"unfinished", status.deployed->unfinished},
  });
}

Text state_member(const deploy::FlowStatus& flow) {
  return object({{"flowId", flow.flow_id}, {"state", to_text(flow.state)}});
}

std::string status_json(const deploy::Status& status, const Style&) {
  return result_document(
      {
          {"environment", status.environment},
          {"deployed", deployed_text(status)},
          {"flows", array(status.flows, state_member)},
          {"leftBehind", strings(status.left_behind)},
          {"drift", array(status.drift, drift_member)},
          {"projectId", string_or_null(status.project_id)},
          {"offline", status.offline},
          {"warnings", strings(status.warnings)},
      },
      failure_of(status));
}

Text origin_text(const std::optional<deploy::Origin>& origin) {
  if (!origin) return {};
  return object({{"environment", origin->environment}, {"record", origin->record}});
}

Text past_text(const deploy::PastDeployment& deployment) {
  return object({
      {"record", deployment.record.hex()},
      {"kind", deployment.kind},
      {"from", origin_text(deployment.origin)},
      {"target", deployment.target},
      {"subject", check::with_message_masked(deployment.subject)},
      {"author", check::with_message_masked(deployment.author)},
      {"deployedBy", check::with_message_masked(deployment.deployed_by)},
      {"time", to_rfc3339(deployment.time)},
      {"flows", array(deployment.flows, result_member)},
      {"unfinished", deployment.unfinished},
  });
}

std::string history_json(const History& history, const Style&) {
  return result_document({
      {"environment", history.environment},
      {"deployments", array(history.deployments, past_text)},
  });
}

Text file_text(const Initialization::File& file) {
  const bool is_written = file.outcome == Initialization::File::Outcome::written;
  return object({
      {"path", file.path},
      {"outcome", is_written ? "written" : "kept"},
      {"hint", string_or_null(file.hint)},
  });
}

Text step_text(const Initialization::Step& step) {
  return object({{"command", string_or_null(step.command)}, {"purpose", step.purpose}});
}

std::string initialization_json(const Initialization& initialization, const Style&) {
  return result_document({
      {"flows", initialization.flows},
      {"sources", strings(initialization.sources)},
      {"environments", strings(initialization.environments)},
      {"host", string_or_null(initialization.host)},
      {"files", array(initialization.files, file_text)},
      {"next", array(initialization.next, step_text)},
  });
}

std::string conversion_json(const Conversion& conversion, const Style&) {
  return result_document({
      {"flowId", conversion.flow_id},
      {"layout", conversion.layout},
      {"paths", strings(conversion.paths)},
      {"removed", strings(conversion.removed)},
      {"dropped", strings(conversion.dropped)},
  });
}

std::string file_merge_json(const FileMerge& merge, const Style&) {
  return result_document(
      {
          {"path", merge.path},
          {"byLines", merge.is_by_lines},
          {"conflicts", conflicts_json(merge.conflicts)},
          {"newIds", new_ids_json(merge.new_ids)},
      },
      failure_of(merge));
}

Text pulled_text(const deploy::PulledFlow& flow) {
  return object({
      {"flowId", flow.flow_id},
      {"outcome", to_text(flow.outcome)},
      {"paths", strings(flow.paths)},
      {"error", string_or_null(flow.error)},
      {"conflicts", conflicts_json(flow.conflict ? flow.conflict->conflicts : std::vector<flow::MergeConflict>())},
      {"newIds", new_ids_json(flow.new_ids)},
  });
}

std::string pulled_json(const deploy::Pulled& pulled, const Style&) {
  return result_document(
      {
          {"environment", pulled.environment},
          {"projectId", pulled.project_id},
          {"flows", array(pulled.flows, pulled_text)},
          {"warnings", strings(pulled.warnings)},
      },
      failure_of(pulled));
}

std::string error_json(const Error& error) { return result_document({}, error); }

std::string refusal_json(const Refusal& refusal) {
  return result_document(
      {
          {"findings", array(refusal.findings, finding_text)},
          {"counts", counts_member(refusal.findings)},
      },
      refusal.error);
}

Text section_text(const Section& section) {
  if (!section.error) return embedded(section.text);
  return object({{"schemaVersion", 1},
                 {"ok", false},
                 {"environment", section.environment},
                 {"error", failure_text(*section.error)}});
}

std::string sections_json(const std::vector<Section>& sections, const Style&) {
  const auto failed = std::count_if(sections.begin(), sections.end(), [](const Section& section) {
    return section.error || !json::Document::parse(section.text)->root().find("ok").boolean();
  });
  std::optional<Error> failure;
  if (failed != 0) failure = Error(pluralize(failed, "environment") + " failed", "see `environments`");
  return result_document({{"environments", array(sections, section_text)}}, failure);
}

std::string note_json(const Note& note, const Style&) {
  return result_document({{std::string(note.name), string_or_null(note.value)}});
}

}  // namespace

Format json_format() {
  return {.name = "json",
          .summary = "one JSON document, for scripts",
          .validation = validation_json,
          .plan = plan_json,
          .diff = diff_json,
          .deployment = deployment_json,
          .status = status_json,
          .history = history_json,
          .sections = sections_json,
          .initialization = initialization_json,
          .conversion = conversion_json,
          .file_merge = file_merge_json,
          .pulled = pulled_json,
          .error = error_json,
          .refusal = refusal_json,
          .note = note_json,
          .graph = graph_json,
          .paths = paths_json,
          .explained = explained_json};
}

}  // namespace flowship::report
