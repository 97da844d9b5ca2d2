#include "deploy/saved_plan.hpp"

#include "base/error.hpp"
#include "base/printable.hpp"
#include "deploy/deployment.hpp"
#include "json/document.hpp"
#include "json/edit.hpp"

namespace flowship::deploy {

namespace {

[[noreturn]] void refuse() {
  throw usage_error("this is no plan that `flowship plan --out FILE` of this version wrote", "make a new one");
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

std::string quoted_or_null(const std::string& text) { return text.empty() ? "null" : json::quoted(text); }

std::string list_of(const std::vector<std::string>& texts) {
  std::string list;
  for (const std::string& text : texts) list += (list.empty() ? "" : ", ") + json::quoted(text);
  return "[" + list + "]";
}

}  // namespace

std::string saved_plan_text(const Plan& plan, const PlanRequest& request, const std::optional<HeldDigests>& held) {
  std::string text = "{\n  \"flowshipPlan\": 2,\n  \"environment\": " + json::quoted(plan.environment) +
                     ",\n  \"target\": " + json::quoted(plan.target) +
                     ",\n  \"base\": " + (plan.base ? json::quoted(plan.base->hex()) : "null") +
                     ",\n  \"only\": " + list_of(request.flows) + ",\n  \"record\": " + quoted_or_null(request.record) +
                     ",\n  \"toBefore\": " + quoted_or_null(request.to_before) +
                     ",\n  \"prune\": " + (request.prune ? "true" : "false") +
                     ",\n  \"serviceAsked\": " + (held ? "true" : "false") + ",\n  \"flows\": [";
  bool first = true;
  for (const Change& change : plan.changes) {
    text += first ? "\n" : ",\n";
    first = false;
    text += "    {\"flowId\": " + json::quoted(change.flow_id) + ", \"action\": \"" +
            std::string(to_text(change.action)) + "\", \"payload\": " + json::quoted(change.digest());
    if (held) {
      const auto digest = held->find(change.flow_id);
      text += ", \"held\": " + quoted_or_null(digest == held->end() ? std::string() : digest->second);
    }
    text += "}";
  }
  return text + (first ? "]\n}\n" : "\n  ]\n}\n");
}

SavedPlan read_saved_plan(const std::string& text) {
  const json::ReadResult result = json::Document::read(text);
  if (!result.document) refuse();
  const json::Value root = result.document->root();
  const json::Value version = root.find("flowshipPlan");
  if (!version.is(json::Type::number) || version.text() != "2") refuse();
  SavedPlan saved;
  saved.text = text;
  saved.environment = text_of(root, "environment");
  saved.target = text_of(root, "target");
  if (!git::ObjectId::from_hex(saved.target)) {
    throw usage_error("only a plan of a commit can be carried out", "commit, and make a new plan");
  }
  for (const json::Value flow : root.find("only").items()) {
    if (!flow.is(json::Type::string)) refuse();
    saved.request.flows.push_back(flow.string());
  }
  if (root.find("record").is(json::Type::string)) saved.request.record = root.find("record").string();
  if (root.find("toBefore").is(json::Type::string)) saved.request.to_before = root.find("toBefore").string();
  saved.request.prune = flag_of(root, "prune");
  if (!flag_of(root, "serviceAsked")) return saved;
  saved.held.emplace();
  for (const json::Value flow : root.find("flows").items()) {
    const json::Value held = flow.find("held");
    (*saved.held)[text_of(flow, "flowId")] = held.is(json::Type::string) ? held.string() : std::string();
  }
  return saved;
}

void expect_same(const Plan& plan, const SavedPlan& saved) {
  if (saved_plan_text(plan, saved.request, saved.held) == saved.text) return;
  throw Error("the ledger, the configuration or the commit has moved on since this plan was made; nothing was sent",
              "make a new plan, and look at it");
}

void expect_same_service(const Sightings& sightings, const SavedPlan& saved) {
  if (!saved.held) return;
  for (const auto& [flow_id, sighting] : sightings) {
    const auto then = saved.held->find(flow_id);
    if (then != saved.held->end() && then->second == sighting.digest) continue;
    throw Error("the service holds something else of `" + printable(flow_id) +
                    "` than when this plan was made; nothing was sent",
                "make a new plan, and look at it", Fault::drifted);
  }
}

}  // namespace flowship::deploy
