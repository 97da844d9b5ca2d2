#include "deploy/plan/saved_plan.hpp"

#include "base/error.hpp"
#include "base/text/printable.hpp"
#include "json/assembly.hpp"
#include "json/document.hpp"

#include <charconv>

namespace flowship::deploy {

namespace {

constexpr int kVersion = 5;

[[noreturn]] void refuse() {
  throw usage_error("not a plan saved by this version's `flowship plan --out FILE`", "save a new plan");
}

std::string text_of(json::Value object, std::string_view member) {
  const json::Value value = object.find(member);
  if (!value.is(json::Type::string)) refuse();
  return value.string();
}

bool flag_of(json::Value object, std::string_view member) {
  const json::Value value = object.find(member);
  if (!value.is(json::Type::boolean)) refuse();
  return value.boolean();
}

json::Text step_text(const Change& change, const std::optional<HeldDigests>& held) {
  std::vector<json::NamedText> members = {
      {"flowId", change.flow_id}, {"action", to_text(change.action)}, {"payload", change.digest()}};
  if (held) {
    const auto digest = held->find(change.flow_id);
    members.push_back({"held", digest == held->end() ? json::Text() : json::string_or_null(digest->second)});
  }
  return json::object(members);
}

std::string plan_text(const Plan& plan, const PlanRequest& request, const std::optional<HeldDigests>& held) {
  return json::document_text(json::object({
      {"flowshipPlan", kVersion},
      {"environment", plan.environment},
      {"revision", json::string_or_null(request.revision)},
      {"target", plan.target},
      {"base", plan.base ? json::Text(plan.base->hex()) : json::Text()},
      {"only", json::strings(request.flows)},
      {"record", json::string_or_null(request.record)},
      {"toBefore", json::string_or_null(request.to_before)},
      {"prune", plan.prune},
      {"maxDeletes", request.max_deletes ? json::Text(*request.max_deletes) : json::Text()},
      {"onDrift", request.on_drift ? json::Text(to_text(*request.on_drift)) : json::Text()},
      {"serviceAsked", held.has_value()},
      {"flows", json::array(plan.changes, [&](const Change& change) { return step_text(change, held); })},
  }));
}

}  // namespace

std::string saved_plan_text(const Plan& plan, const PlanRequest& request) {
  std::optional<HeldDigests> held;
  if (plan.drift) {
    held.emplace();
    for (const Change& change : plan.changes) (*held)[change.flow_id] = change.live ? change.live->digest : "";
  }
  return plan_text(plan, request, held);
}

SavedPlan read_saved_plan(const std::string& text) {
  const json::ReadResult result = json::Document::read(text);
  if (!result.document) refuse();
  const json::Value root = result.document->root();
  const json::Value version = root.find("flowshipPlan");
  if (!version.is(json::Type::number) || version.text() != std::to_string(kVersion)) refuse();
  SavedPlan saved;
  saved.text = text;
  saved.environment = text_of(root, "environment");
  if (!git::ObjectId::from_hex(text_of(root, "target"))) {
    throw usage_error("only the plan of a commit can be carried out", "commit, and save a new plan");
  }
  for (const json::Value flow : root.find("only").items()) {
    if (!flow.is(json::Type::string)) refuse();
    saved.request.flows.push_back(flow.string());
  }
  if (root.find("revision").is(json::Type::string)) saved.request.revision = root.find("revision").string();
  if (root.find("record").is(json::Type::string)) saved.request.record = root.find("record").string();
  if (root.find("toBefore").is(json::Type::string)) saved.request.to_before = root.find("toBefore").string();
  saved.request.prune = flag_of(root, "prune");
  if (root.find("maxDeletes").is(json::Type::number)) {
    const std::string_view digits = root.find("maxDeletes").text();
    std::from_chars(digits.data(), digits.data() + digits.size(), saved.request.max_deletes.emplace());
  }
  if (const json::Value policy = root.find("onDrift"); policy.is(json::Type::string)) {
    saved.request.on_drift = on_drift_from(policy.string());
    if (!saved.request.on_drift) refuse();
  }
  if (!flag_of(root, "serviceAsked")) return saved;
  saved.held.emplace();
  for (const json::Value flow : root.find("flows").items()) {
    const json::Value held = flow.find("held");
    (*saved.held)[text_of(flow, "flowId")] = held.is(json::Type::string) ? held.string() : std::string();
  }
  return saved;
}

void expect_same(const Plan& plan, const SavedPlan& saved) {
  if (plan_text(plan, saved.request, saved.held) == saved.text) return;
  throw Error("the ledger, the configuration or the commit has moved on since this plan was saved; nothing was sent",
              "save a new plan and review it");
}

void expect_same_service(const Plan& plan, const SavedPlan& saved) {
  if (!saved.held) return;
  for (const Change& change : plan.changes) {
    const auto then = saved.held->find(change.flow_id);
    if (!change.live || (then != saved.held->end() && then->second == change.live->digest)) continue;
    throw Error(
        "`" + printable(change.flow_id) + "` has changed on the service since this plan was saved; nothing was sent",
        "save a new plan and review it", Fault::drifted);
  }
}

}  // namespace flowship::deploy
