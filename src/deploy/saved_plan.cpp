#include "deploy/saved_plan.hpp"

#include "base/error.hpp"
#include "deploy/deployment.hpp"
#include "json/document.hpp"
#include "json/edit.hpp"

namespace flowship::deploy {

namespace {

json::DocumentPtr read(const std::string& text) {
  json::ReadResult result = json::Document::read(text);
  if (!result.document || !result.document->root().find("flowshipPlan")) {
    throw usage_error("this is no plan that `flowship plan --out FILE` wrote", "make a new one");
  }
  return std::move(result.document);
}

}  // namespace

std::string saved_plan_text(const Plan& plan) {
  std::string text = "{\n  \"flowshipPlan\": 1,\n  \"environment\": " + json::quoted(plan.environment) +
                     ",\n  \"target\": " + json::quoted(plan.target) +
                     ",\n  \"base\": " + (plan.base ? json::quoted(plan.base->hex()) : "null") + ",\n  \"flows\": [";
  bool first = true;
  for (const Change& change : plan.changes) {
    text += first ? "\n" : ",\n";
    first = false;
    text += "    {\"flowId\": " + json::quoted(change.flow_id) + ", \"action\": \"" +
            std::string(to_text(change.action)) + "\", \"payload\": " + json::quoted(change.digest()) + "}";
  }
  return text + (first ? "]\n}\n" : "\n  ]\n}\n");
}

std::string target_of_saved_plan(const std::string& text) {
  const json::DocumentPtr document = read(text);
  const json::Value target = document->root().find("target");
  if (!target.is(json::Type::string) || !git::ObjectId::from_hex(target.string())) {
    throw usage_error("only a plan of a commit can be carried out", "commit, and make a new plan");
  }
  return target.string();
}

void expect_same(const Plan& plan, const std::string& text) {
  read(text);
  if (saved_plan_text(plan) == text) return;
  throw Error("the ledger, the configuration or the commit has moved on since this plan was made; nothing was sent",
              "make a new plan, and look at it");
}

}  // namespace flowship::deploy
