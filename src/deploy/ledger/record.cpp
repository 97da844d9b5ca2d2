#include "deploy/ledger/record.hpp"

#include "base/error.hpp"
#include "base/text/printable.hpp"
#include "deploy/ledger/flow_tags.hpp"
#include "json/assembly.hpp"
#include "json/document.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

namespace flowship::deploy {

namespace {

/// Of all files of an entry. Version 1 had the flows in deployment.json; version 2 knew no renewals.
constexpr int kSchemaVersion = 3;

json::Text holder_text(const LeaseHolder& holder) {
  std::vector<json::NamedText> members = {
      {"host", holder.host}, {"realm", holder.realm}, {"pid", holder.pid}, {"started", holder.started}};
  if (!holder.run.empty()) members.push_back({"run", holder.run});
  return json::object(members);
}

json::Text texts_by_name(const std::map<std::string, std::string>& texts) {
  std::vector<json::NamedText> members;
  for (const auto& [name, text] : texts) members.push_back({name, text});
  return json::object(members);
}

json::Text overrides_text(const flow::Overrides& overrides) {
  std::vector<json::NamedText> set;
  // Values are JSON text in a string, so that numbers keep the form that the author gave them.
  for (const auto& [flow_id, values] : overrides.set) set.push_back({flow_id, texts_by_name(values)});
  std::vector<json::NamedText> members{{"connectors", texts_by_name(overrides.connectors)}};
  if (!overrides.roles.empty()) members.push_back({"roles", texts_by_name(overrides.roles)});
  members.push_back({"set", json::object(set)});
  return json::object(members);
}

json::Text flow_text(const FlowResult& flow) {
  std::vector<json::NamedText> members = {
      {"flowId", flow.flow_id}, {"action", to_text(flow.action)}, {"reason", to_text(flow.reason)}};
  const auto add = [&](const char* name, const json::Text& value) { members.push_back({name, value}); };
  if (flow.outcome != FlowOutcome::pending) {
    add("outcome", to_text(flow.outcome));
    add("attempts", flow.attempts);
    if (!flow.error.empty()) add("error", flow.error);
    if (flow.unknown) add("unknown", true);
  }
  if (flow.tag) add("tag", tag_text(flow.tag));
  if (flow.absent) add("absent", true);
  if (!flow.payload.empty()) add("payload", flow.payload);
  add("paths", json::strings(flow.paths));
  if (!flow.deployed_paths.empty()) add("deployedPaths", json::strings(flow.deployed_paths));
  return json::object(members);
}

std::string hint_to_look_at(const std::string& name) {
  return "it was not written by this version of flowship; look at it with `git show " + printable(name) + "`";
}

/// Reads the members of one object; all errors have one form.
class Fields {
 public:
  Fields(json::Value object, const std::string& name) : object_(object), name_(name) {}

  [[noreturn]] void refuse(std::string_view member) const {
    throw Error(name_ + ": member `" + std::string(member) + "` is missing or of the wrong type",
                hint_to_look_at(name_));
  }
  json::Value expect(std::string_view member, json::Type type) const {
    const json::Value value = object_.find(member);
    if (!value.is(type)) refuse(member);
    return value;
  }
  std::string text(std::string_view member) const { return expect(member, json::Type::string).string(); }
  std::string text_or_empty(std::string_view member) const {
    const json::Value value = object_.find(member);
    return value.is(json::Type::string) ? value.string() : std::string();
  }
  bool is_true(std::string_view member) const {
    const json::Value value = object_.find(member);
    return value.is(json::Type::boolean) && value.boolean();
  }
  long number(std::string_view member) const {
    const std::string_view digits = expect(member, json::Type::number).text();
    long value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc() || end != digits.data() + digits.size()) refuse(member);
    return value;
  }
  /// A number of things.
  int count(std::string_view member) const {
    const long value = number(member);
    if (value < 0 || value > std::numeric_limits<int>::max()) refuse(member);
    return static_cast<int>(value);
  }
  Time time(std::string_view member) const {
    const std::optional<Time> value = from_rfc3339(text(member));
    if (!value) refuse(member);
    return *value;
  }
  std::vector<std::string> texts(std::string_view member) const {
    std::vector<std::string> result;
    for (const json::Value item : expect(member, json::Type::array).items()) {
      if (!item.is(json::Type::string)) refuse(member);
      result.push_back(item.string());
    }
    return result;
  }
  /// The candidate with the member's text.
  template <typename Enum>
  Enum one_of(std::string_view member, std::initializer_list<Enum> candidates) const {
    const std::string found = text(member);
    for (const Enum candidate : candidates) {
      if (to_text(candidate) == found) return candidate;
    }
    refuse(member);
  }
  Fields inner(std::string_view member) const { return Fields(expect(member, json::Type::object), name_); }
  json::Value value() const { return object_; }

 private:
  json::Value object_;
  const std::string& name_;
};

FlowResult flow_result(const Fields& fields) {
  FlowResult flow;
  flow.flow_id = fields.text("flowId");
  flow.action = fields.one_of("action", {Action::create, Action::update, Action::remove});
  flow.reason = fields.one_of(
      "reason", {Reason::added, Reason::changed, Reason::removed, Reason::config, Reason::drifted, Reason::missing});
  if (fields.value().find("outcome")) {
    flow.outcome = fields.one_of(
        "outcome", {FlowOutcome::deployed, FlowOutcome::deleted, FlowOutcome::unchanged, FlowOutcome::failed,
                    FlowOutcome::skipped, FlowOutcome::drifted, FlowOutcome::restored});
    flow.attempts = fields.count("attempts");
  }
  flow.error = fields.text_or_empty("error");
  flow.tag = tag_from(fields.value().find("tag"));
  flow.absent = fields.is_true("absent");
  flow.unknown = fields.is_true("unknown");
  flow.payload = fields.text_or_empty("payload");
  flow.paths = fields.texts("paths");
  if (fields.value().find("deployedPaths")) flow.deployed_paths = fields.texts("deployedPaths");
  return flow;
}

std::map<std::string, std::string> texts_by_name_from(const Fields& fields, const char* name) {
  std::map<std::string, std::string> texts;
  for (const json::Member member : fields.inner(name).value().members()) {
    if (!member.value.is(json::Type::string)) fields.refuse(name);
    texts[member.name()] = member.value.string();
  }
  return texts;
}

flow::Overrides overrides_from(const Fields& fields) {
  flow::Overrides overrides;
  overrides.connectors = texts_by_name_from(fields, "connectors");
  if (fields.value().find("roles")) overrides.roles = texts_by_name_from(fields, "roles");
  for (const json::Member flow : fields.inner("set").value().members()) {
    if (!flow.value.is(json::Type::object)) fields.refuse("set");
    for (const json::Member entry : flow.value.members()) {
      if (!entry.value.is(json::Type::string)) fields.refuse("set");
      std::string text = entry.value.string();
      if (!json::Document::read(text).document) fields.refuse("set");
      overrides.set[flow.name()][entry.name()] = std::move(text);
    }
  }
  return overrides;
}

/// Throws unless the root is an object.
json::DocumentPtr document_of(std::string text, const std::string& name) {
  json::DocumentPtr document = [&] {
    try {
      return json::Document::parse(std::move(text), name);
    } catch (const Error& error) {
      // Nobody's flows are invalid.
      throw Error(error.message(), hint_to_look_at(name));
    }
  }();
  if (!document->root().is(json::Type::object)) throw Error(name + ": not a JSON object", hint_to_look_at(name));
  return document;
}

void expect_version(const Fields& fields, const std::string& name, const std::string& ref) {
  const long found = fields.number("version");
  if (found == kSchemaVersion) return;
  if (found < kSchemaVersion) {
    throw Error(
        name + ": this ledger was written by an earlier, unreleased version of flowship (schema version " +
            std::to_string(found) + ", expected " + std::to_string(kSchemaVersion) + ")",
        "delete the ref, also at the ledger's remote if there is one, and deploy again: git update-ref -d " + ref);
  }
  throw Error(name + ": schema version " + std::to_string(found) + " is newer than this flowship understands (" +
                  std::to_string(kSchemaVersion) + ")",
              "update flowship");
}

}  // namespace

std::string_view to_text(Phase phase) { return phase == Phase::intent ? "intent" : "result"; }

std::string_view to_text(DeploymentKind kind) {
  switch (kind) {
    case DeploymentKind::deploy:
      return "deploy";
    case DeploymentKind::rollback:
      return "rollback";
    case DeploymentKind::promote:
      return "promote";
    case DeploymentKind::recover:
      return "recover";
  }
  return "";
}

std::string to_json(const Record& record) {
  std::vector<json::NamedText> members = {
      {"version", kSchemaVersion},         {"phase", to_text(record.phase)}, {"kind", to_text(record.kind)},
      {"environment", record.environment}, {"projectId", record.project_id}, {"target", record.target},
      {"subject", record.subject},         {"author", record.author},        {"started", to_rfc3339(record.started)},
  };
  const auto add = [&](const char* name, const json::Text& value) { members.push_back({name, value}); };
  if (record.origin) {
    add("from", json::object({{"environment", record.origin->environment}, {"record", record.origin->record}}));
  }
  if (record.renewals > 0) add("renewals", record.renewals);
  if (record.committed) add("committed", to_rfc3339(*record.committed));
  if (record.finished) add("finished", to_rfc3339(*record.finished));
  add("holder", holder_text(record.holder));
  // Where the entry before gave too small a number, those that are gone since would make it negative.
  add("total", std::max(record.total, 0));
  add("unsettled", record.unsettled.size());
  add("sources", json::strings(record.sources));
  add("overrides", overrides_text(record.overrides));
  if (!record.digest_salt.empty()) add("digestSalt", record.digest_salt);
  return json::document_text(json::object(members));
}

RecordFile record_from_json(std::string text, const std::string& name, const std::string& ref) {
  const json::DocumentPtr document = document_of(std::move(text), name);
  const Fields fields(document->root(), name);
  expect_version(fields, name, ref);
  RecordFile file;
  Record& record = file.record;
  record.phase = fields.one_of("phase", {Phase::intent, Phase::result});
  record.kind = fields.one_of(
      "kind", {DeploymentKind::deploy, DeploymentKind::rollback, DeploymentKind::promote, DeploymentKind::recover});
  if (fields.value().find("from")) {
    const Fields from = fields.inner("from");
    record.origin = {.environment = from.text("environment"), .record = from.text("record")};
  }
  if (fields.value().find("renewals")) record.renewals = fields.count("renewals");
  record.environment = fields.text("environment");
  record.project_id = fields.text("projectId");
  record.target = fields.text("target");
  record.subject = fields.text("subject");
  record.author = fields.text("author");
  record.started = fields.time("started");
  if (fields.value().find("committed")) record.committed = fields.time("committed");
  if (fields.value().find("finished")) record.finished = fields.time("finished");
  const Fields holder = fields.inner("holder");
  record.holder = {.host = holder.text("host"),
                   .realm = holder.text("realm"),
                   .pid = holder.number("pid"),
                   .started = holder.text("started"),
                   .run = holder.text_or_empty("run")};
  record.total = fields.count("total");
  record.sources = fields.texts("sources");
  record.overrides = overrides_from(fields.inner("overrides"));
  record.digest_salt = fields.text_or_empty("digestSalt");
  file.unsettled = static_cast<std::size_t>(fields.count("unsettled"));
  return file;
}

std::string flows_to_json(const std::vector<FlowResult>& flows) {
  // Without `json::object`, whose members are copied: there may be very many flows.
  return json::document_text(json::embedded("{\"flows\":" + json::array(flows, flow_text).text() + '}'));
}

std::vector<FlowResult> flows_from_json(std::string text, const std::string& name) {
  const json::DocumentPtr document = document_of(std::move(text), name);
  const Fields fields(document->root(), name);
  std::vector<FlowResult> flows;
  for (const json::Value flow : fields.expect("flows", json::Type::array).items()) {
    if (!flow.is(json::Type::object)) fields.refuse("flows");
    flows.push_back(flow_result(Fields(flow, name)));
  }
  return flows;
}

std::string unsettled_to_json(const UnsettledFlows& unsettled) {
  std::vector<json::NamedText> members;
  for (const auto& [flow_id, state] : unsettled) {
    members.push_back({flow_id, json::object({{"payload", state.payload}, {"paths", json::strings(state.paths)}})});
  }
  return json::document_text(json::object(members));
}

UnsettledFlows unsettled_from_json(std::string text, const std::string& name) {
  const json::DocumentPtr document = document_of(std::move(text), name);
  UnsettledFlows unsettled;
  for (const json::Member member : document->root().members()) {
    const Fields state = Fields(document->root(), name).inner(member.name());
    unsettled[member.name()] = {.payload = state.text("payload"), .paths = state.texts("paths")};
  }
  return unsettled;
}

}  // namespace flowship::deploy
