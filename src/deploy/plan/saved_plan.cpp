#include "deploy/plan/saved_plan.hpp"

#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/text/printable.hpp"
#include "json/assembly.hpp"
#include "json/document.hpp"

#include <algorithm>
#include <charconv>
#include <set>

namespace flowship::deploy {

namespace {

constexpr int kVersion = 6;

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

json::Text step_text(const Change& change) {
  std::vector<json::NamedText> members = {
      {"flowId", change.flow_id}, {"action", to_text(change.action)}, {"payload", change.digest()}};
  if (change.live) members.push_back({"held", json::string_or_null(change.live->digest)});
  return json::object(members);
}

/// `why` follows the flow's name.
[[noreturn]] void refuse_step(const std::string& flow_id, const std::string& why, Fault fault = Fault::drifted) {
  throw Error("`" + printable(flow_id) + "` " + why + "; nothing was sent",
              fault == Fault::drifted ? "save a new plan with `flowship plan --check-drift --out FILE` and review it"
                                      : "run the same command again",
              fault);
}

std::string why_added(const Change& change) {
  const bool is_restored = change.reason == Reason::drifted || change.reason == Reason::missing;
  return is_restored ? "has changed on the service, and would be restored now, which is not in the saved plan"
                     : "is not in the saved plan, but would be sent now";
}

/// A step of the saved plan is none any more.
[[noreturn]] void refuse_left_out(const Plan& plan, const std::string& flow_id) {
  const auto left = std::find_if(plan.left_behind.begin(), plan.left_behind.end(),
                                 [&](const LeftBehind& flow) { return flow.removal.flow_id == flow_id; });
  if (left == plan.left_behind.end())
    refuse_step(flow_id, "is in the saved plan, but nothing would be sent for it now");
  refuse_step(flow_id, "would be deleted by the saved plan, but not now: " + left->sentence(),
              left->why == LeftBehind::Why::unknown ? Fault::failed : Fault::drifted);
}

}  // namespace

std::string saved_plan_text(const Plan& plan, const PlanRequest& request, const std::string& digest) {
  return json::document_text(json::object({
      {"flowshipPlan", kVersion},
      {"digest", json::string_or_null(digest)},
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
      {"serviceAsked", plan.drift.has_value()},
      {"flows", json::array(plan.changes, step_text)},
  }));
}

std::string plan_digest(const Plan& plan, const PlanRequest& request) {
  return "sha256:" + sha256_hex(saved_plan_text(plan, request, {}));
}

SavedPlan read_saved_plan(const std::string& text) {
  const json::ReadResult result = json::Document::read(text);
  if (!result.document) refuse();
  const json::Value root = result.document->root();
  const json::Value version = root.find("flowshipPlan");
  if (!version.is(json::Type::number) || version.text() != std::to_string(kVersion)) refuse();
  SavedPlan saved;
  saved.environment = text_of(root, "environment");
  if (!git::ObjectId::from_hex(text_of(root, "target"))) {
    throw usage_error("only the plan of a commit can be carried out", "commit, and save a new plan");
  }
  for (const json::Value flow : root.find("only").items()) {
    if (!flow.is(json::Type::string)) refuse();
    saved.request.flows.push_back(flow.string());
  }
  saved.digest = text_of(root, "digest");
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
  saved.is_service_asked = flag_of(root, "serviceAsked");
  for (const json::Value flow : root.find("flows").items()) {
    const json::Value held = flow.find("held");
    saved.steps[text_of(flow, "flowId")] = held.is(json::Type::string) ? held.string() : std::string();
  }
  return saved;
}

void expect_same(const Plan& plan, const SavedPlan& saved) {
  if (plan_digest(plan, saved.request) == saved.digest) return;
  throw Error("the ledger, the configuration or the commit has moved on since this plan was saved; nothing was sent",
              "save a new plan and review it");
}

void expect_same_steps(const Plan& plan, const SavedPlan& saved) {
  std::set<std::string> steps;
  for (const Change& change : plan.changes) {
    steps.insert(change.flow_id);
    const auto then = saved.steps.find(change.flow_id);
    if (then == saved.steps.end()) {
      if (change.treatment != Treatment::record) refuse_step(change.flow_id, why_added(change));
      continue;
    }
    if (!change.live || change.live->is_refused) continue;
    if (change.live->match == LiveMatch::unknown) {
      refuse_step(change.flow_id, "could not be compared with the service: " + change.live->error, Fault::failed);
    }
    if (saved.is_service_asked && then->second != change.live->digest) {
      refuse_step(change.flow_id, "has changed on the service since this plan was saved");
    }
  }
  for (const auto& [flow_id, held] : saved.steps) {
    if (!steps.contains(flow_id)) refuse_left_out(plan, flow_id);
  }
}

}  // namespace flowship::deploy
