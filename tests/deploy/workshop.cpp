#include "deploy/workshop.hpp"

#include "deploy/ledger/ledger.hpp"

#include <stdexcept>

namespace flowship::deploy {

namespace {

/// The text of a small flow; with `uses`, one that uses another as a subflow.
std::string flow_text(const std::string& id, const std::string& name, const std::string& uses) {
  const std::string task = uses.empty() ? R"("type": "automated", "action": "loggedIn", )"
                                        : R"("type": "flow", "arguments": {"flowId": {"value": ")" + uses + R"("}}, )";
  return R"({"flowId": ")" + id + R"(", "metadata": {"name": ")" + name +
         R"("}, "contents": {"startTask": "start", "tasks": {"start": {"id": "start", "name": "Start", )" +
         R"("next": {"rules": [{"interactionId": "", "taskId": "end"}]}}, "end": {"id": "end", "name": "End", )" +
         task + R"("next": {}}}}})";
}

}  // namespace

std::optional<std::string> Workshop::test_variable(const std::string& name) {
  if (name == "DESCOPE_PROJECT_ID") return "P2test";
  if (name == "DESCOPE_MANAGEMENT_KEY") return std::string("K2") + "test";
  return std::nullopt;
}

api::ServiceOptions Workshop::service_options() const {
  api::ServiceOptions options;
  options.http.base_url = service_.url();
  options.credentials = {.project_id = "P2test", .key = Secret(std::string("K2") + "test")};
  return options;
}

void Workshop::write_flow(const std::string& id, const std::string& name, const std::string& uses) const {
  files_.write(id + ".json", flow_text(id, name, uses));
}

void Workshop::commit_flow(const std::string& id, const std::string& name) const {
  write_flow(id, name);
  commit();
}

void Workshop::deploy_flows(const std::vector<std::string>& ids) const {
  for (const std::string& id : ids) write_flow(id, id);
  commit();
  if (!deploy().deployment->ok()) throw std::runtime_error("the flows are not deployed");
}

std::string Workshop::live(const std::string& id) const {
  return with_service([&](api::Service& service) {
    const api::Exported exported = service.export_flow(id);
    return exported.flow ? std::string(exported.flow.text()) : std::string();
  });
}

void Workshop::edit_in_console(const std::string& id, const std::string& name) const {
  with_service([&](api::Service& service) {
    const auto unknown = [] { return api::Arrival::unknown; };
    const api::Outcome outcome = service.import_flow(R"({"flow": )" + flow_text(id, name, {}) + "}", unknown);
    if (!outcome.ok()) throw std::runtime_error(outcome.failure->message);
  });
}

void Workshop::delete_in_console(const std::string& id) const {
  with_service([&](api::Service& service) {
    if (!service.delete_flow(id).ok()) throw std::runtime_error("not deleted");
  });
}

void Workshop::configure(const std::string& members) const {
  files_.write("flowship.json", R"({"environments": {"default": {)" + members + "}}}");
}

Plan Workshop::plan(const std::vector<std::string>& flows) const {
  PlanRequest request;
  request.flows = flows;
  return in_workspace(
      [&](Workspace& workspace, const Context&) { return deploy::plan(workspace, request, test_variable); });
}

DeployOptions Workshop::options() const {
  DeployOptions options;
  options.connection.base_url = service_.url();
  return options;
}

DeployResult Workshop::deploy(const std::vector<std::string>& flows) const {
  DeployOptions with_flows = options();
  with_flows.request.flows = flows;
  return deploy_with(with_flows);
}

DeployResult Workshop::deploy_with(DeployOptions options) const {
  return in_workspace(
      [&](Workspace& workspace, const Context& context) { return deploy::deploy(workspace, options, context); });
}

Record Workshop::record() const {
  const git::Repository repository = git::Repository::open(files_.path());
  const std::optional<LedgerEntry> head = Ledger(repository, default_config().environment("")).head();
  if (!head) throw std::runtime_error("there is no ledger");
  return head->record;
}

LedgerEntry Workshop::append_intent(const LeaseHolder& holder) const {
  return in_workspace([&](Workspace& workspace, const Context&) {
    Record intent = record();
    intent.phase = Phase::intent;
    intent.holder = holder;
    return workspace.ledger.append(workspace.ledger.head(), intent, {}, clock_);
  });
}

std::string steps(const Plan& plan) {
  std::string text;
  for (const Change& change : plan.changes) {
    text += (text.empty() ? "" : ", ") + change.flow_id + " " + std::string(to_text(change.action)) + " " +
            std::string(to_text(change.reason));
  }
  return text;
}

std::string outcomes(const std::vector<FlowResult>& flows) {
  std::string text;
  for (const FlowResult& flow : flows) {
    text += (text.empty() ? "" : ", ") + flow.flow_id + " " + std::string(to_text(flow.outcome));
  }
  return text;
}

std::string outcomes(const DeployResult& result) {
  return result.deployment ? outcomes(result.deployment->flows) : "nothing begun";
}

}  // namespace flowship::deploy
