#include "deploy/workshop.hpp"

#include "deploy/ledger/ledger.hpp"

#include <stdexcept>

namespace flowship::deploy {

namespace {

std::optional<std::string> variable(const std::string& name) {
  if (name == "DESCOPE_PROJECT_ID") return "P2test";
  if (name == "DESCOPE_MANAGEMENT_KEY") return std::string("K2") + "test";
  return std::nullopt;
}

git::Revision head_of(const git::Repository& repository) {
  return git::Revision::of_commit(repository, repository.commit("HEAD"));
}

}  // namespace

void Workshop::write_flow(const std::string& id, const std::string& name, const std::string& uses) const {
  const std::string task = uses.empty() ? R"("type": "automated", "action": "loggedIn", )"
                                        : R"("type": "flow", "arguments": {"flowId": {"value": ")" + uses + R"("}}, )";
  files_.write(
      id + ".json",
      R"({"flowId": ")" + id + R"(", "metadata": {"name": ")" + name +
          R"("}, "contents": {"startTask": "start", "tasks": {"start": {"id": "start", "name": "Start", )" +
          R"("next": {"rules": [{"interactionId": "", "taskId": "end"}]}}, "end": {"id": "end", "name": "End", )" +
          task + R"("next": {}}}}})");
}

void Workshop::configure(const std::string& members) const {
  files_.write("flowship.json", R"({"environments": {"default": {)" + members + "}}}");
}

Plan Workshop::plan(const std::vector<std::string>& flows) const {
  const git::Repository repository = git::Repository::open(files_.path());
  Workspace workspace(repository, head_of(repository), std::nullopt, "");
  return deploy::plan(workspace, flows, variable);
}

DeployResult Workshop::deploy(const std::vector<std::string>& flows) const {
  const git::Repository repository = git::Repository::open(files_.path());
  Workspace workspace(repository, head_of(repository), std::nullopt, "");
  DeployOptions options;
  options.connection.base_url = service_.url();
  options.flows = flows;
  const StopSignal stop;
  Silence silence;
  return deploy::deploy(workspace, options,
                        {.clock = clock_, .stop = stop, .progress = silence, .variables = variable});
}

Record Workshop::record() const {
  const git::Repository repository = git::Repository::open(files_.path());
  const std::optional<LedgerEntry> head = Ledger(repository, default_config().environment("")).head();
  if (!head) throw std::runtime_error("there is no ledger");
  return head->record;
}

std::string steps(const Plan& plan) {
  std::string text;
  for (const Change& change : plan.changes) {
    text += (text.empty() ? "" : ", ") + change.flow_id + " " + std::string(to_text(change.action)) + " " +
            std::string(to_text(change.reason));
  }
  return text;
}

std::string outcomes(const DeployResult& result) {
  std::string text;
  if (!result.deployment) return "nothing begun";
  for (const FlowResult& flow : result.deployment->flows) {
    text += (text.empty() ? "" : ", ") + flow.flow_id + " " + std::string(to_text(flow.outcome));
  }
  return text;
}

}  // namespace flowship::deploy
