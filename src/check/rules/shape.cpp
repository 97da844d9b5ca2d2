// The rules about members, as the management API describes a flow: required members, types, and unknown names.
// `contents` and a screen's `contents` are free-form.

#include "base/text/did_you_mean.hpp"
#include "check/rules/rule.hpp"
#include "flow/layouts/layouts.hpp"

#include <algorithm>
#include <initializer_list>
#include <span>
#include <string>

namespace flowship::check {

namespace {

struct MemberFacts;
using Members = std::span<const MemberFacts>;

/// The type of a member. `names` is a list of strings or a map of names to ids: exports have both.
enum class Kind { text, flag, texts, map, names, object, list };

struct MemberFacts {
  std::string_view name;
  Kind kind;
  /// Of an object, or of each object in a list.
  Members members = {};
};

constexpr MemberFacts kInteraction[] = {
    {"id", Kind::text}, {"type", Kind::text}, {"label", Kind::text}, {"icon", Kind::text}, {"subType", Kind::text}};
constexpr MemberFacts kTranslation[] = {{"enabled", Kind::flag},
                                        {"connectorId", Kind::text},
                                        {"sourceLanguage", Kind::text},
                                        {"targetLanguages", Kind::texts}};
constexpr MemberFacts kEventTriggers[] = {{"triggeringEventTypes", Kind::texts}};
constexpr MemberFacts kTriggers[] = {
    {"enabled", Kind::flag}, {"triggerType", Kind::text}, {"eventTriggers", Kind::object, kEventTriggers}};
constexpr MemberFacts kManagementConfig[] = {{"triggers", Kind::object, kTriggers}};
constexpr MemberFacts kMetadata[] = {{"name", Kind::text},
                                     {"description", Kind::text},
                                     {"componentsVersion", Kind::text},
                                     {"disabled", Kind::flag},
                                     {"fingerprint", Kind::flag},
                                     {"widget", Kind::flag},
                                     {"translation", Kind::object, kTranslation},
                                     {"sharedInteractions", Kind::list, kInteraction},
                                     {"management", Kind::flag},
                                     {"managementConfig", Kind::object, kManagementConfig}};
constexpr MemberFacts kReferences[] = {
    {"connectors", Kind::map},         {"oauth", Kind::texts},  {"roles", Kind::names}, {"userAttributes", Kind::texts},
    {"tenantAttributes", Kind::texts}, {"omitted", Kind::texts}};
constexpr std::string_view kScreen[] = {"screenId", "interactions", "contents"};
constexpr std::string_view kFlow[] = {"flowId", "metadata", "contents", "screens", "references"};

std::string_view to_text(json::Type type) {
  constexpr std::string_view kTexts[] = {"`null`", "`true` or `false`", "a number", "a string", "a list", "an object"};
  return kTexts[static_cast<std::size_t>(type)];
}

using Types = std::initializer_list<json::Type>;

std::vector<std::string> names_of(Members members) {
  std::vector<std::string> names;
  for (const MemberFacts& facts : members) names.emplace_back(facts.name);
  return names;
}

/// Where the value of a converted member is in the author's text.
json::Value place_of(json::Value value, json::Value at) {
  return &value.document() == &at.document() || value.same_place(at) ? value : at;
}

/// Where the key of a member begins: the string before its value and the colon. The text is known to be JSON.
std::size_t key_offset(json::Value value) {
  const std::string_view text = value.document().text();
  const auto begin = static_cast<std::size_t>(value.text().data() - text.data());
  std::size_t at = text.find_last_not_of(" \t\r\n", begin - 1);
  if (begin == 0 || at == std::string_view::npos || text[at] != ':') return begin;
  at = text.find_last_not_of(" \t\r\n", at - 1);
  const auto is_escaped = [&](std::size_t quote) {
    const std::size_t before = text.find_last_not_of('\\', quote - 1);
    return (quote - 1 - before) % 2 == 1;
  };
  do {
    at = text.rfind('"', at - 1);
  } while (is_escaped(at));
  return at;
}

/// `null` counts as absent.
bool present(json::Value value) { return value && !value.is(json::Type::null); }

/// In `metadata`, `references` and interactions, empty and absent mean the same: there an empty object passes for an
/// empty list, and the other way round.
bool is_empty_container(json::Value value) {
  return (value.is(json::Type::object) || value.is(json::Type::array)) && value.size() == 0;
}

class Shape {
 public:
  Shape(const RuleContext& context, Findings& findings)
      : flow_(context.flow),
        tasks_(context.tasks),
        findings_(findings),
        is_console_(context.flow.source.layout == flow::Layout::console) {}

  void check() {
    check_flow();
    check_metadata();
    check_object(flow_.references, "references", kReferences);
    check_contents();
    if (present(flow_.screens_at)) expect(flow_.screens_at, "screens", {json::Type::array});
    for (const flow::Screen& screen : flow_.screens) check_screen(screen);
  }

 private:
  void missing(json::Value object, std::string_view name, std::string_view owner) {
    findings_.add("missing-member", object, std::string(owner) + " has no `" + std::string(name) + "`",
                  "add `" + std::string(name) + "`, which the service requires");
  }

  void unknown(json::Value value, std::string_view name, std::string_view owner,
               const std::vector<std::string>& known) {
    const std::string nearest = did_you_mean(name, known);
    Finding& finding =
        findings_.add_for(std::string(owner) + '\0' + std::string(name), "unknown-member", value.document(),
                          key_offset(value), "unknown member " + in_ticks(name) + " in " + std::string(owner),
                          nearest.empty() ? "check the name; the member is sent unchanged" : nearest);
    finding.cause = finding.message;
  }

  bool expect(json::Value value, std::string_view name, Types types, json::Value at = {}) {
    return is_of(value, types) || wrong_type(value, in_ticks(name), types, at);
  }

  bool expect_entry(json::Value value, std::string_view list, json::Type type, json::Value at = {}) {
    return value.is(type) || wrong_type(value, "an entry of " + in_ticks(list), {type}, at);
  }

  static bool is_of(json::Value value, Types types) {
    return std::any_of(types.begin(), types.end(), [&](json::Type type) { return value.is(type); });
  }

  /// Always false; apart from `expect`, so that texts are only built for findings.
  bool wrong_type(json::Value value, const std::string& what, Types types, json::Value at) {
    std::string expected;
    for (const json::Type type : types) expected += (expected.empty() ? "" : " or ") + std::string(to_text(type));
    const std::string is =
        value.is(json::Type::boolean) ? std::string(value.text()) : std::string(to_text(value.type()));
    findings_.add("wrong-type", at ? place_of(value, at) : value, what + " must be " + expected + ", not " + is,
                  "change it to " + expected);
    return false;
  }

  /// The object whose members are the flow's own; absent in a snapshot, which has files instead.
  json::Value root() const {
    if (flow_.source.layout == flow::Layout::snapshot || flow_.documents.empty()) return {};
    const json::Value root = flow_.documents.front()->root();
    return is_console_ ? root : flow::exported_flow(root);
  }

  void check_flow() {
    const json::Value object = root();
    if (!object) {
      // A file of a snapshot that is `null` is there all the same.
      if (flow_.metadata_at.is(json::Type::null)) wrong_type(flow_.metadata_at, "`metadata`", {json::Type::object}, {});
      if (flow_.contents.is(json::Type::null)) wrong_type(flow_.contents, "`contents`", {json::Type::object}, {});
      return;
    }
    const json::Value owner = is_console_ && object.find("flow") ? object.find("flow") : object;
    const std::string_view id_name = is_console_ ? "id" : "flowId";
    if (!present(flow_.id_at)) {
      missing(owner, id_name, "the flow");
    } else {
      expect(flow_.id_at, id_name, {json::Type::string});
    }
    if (!present(flow_.metadata_at)) missing(owner, "metadata", "the flow");
    if (!present(flow_.contents)) missing(owner, is_console_ ? "dsl" : "contents", "the flow");
    for (const flow::Field& other : flow_.others) {
      unknown(other.at, other.name, "a flow", {std::begin(kFlow), std::end(kFlow)});
    }
  }

  void check_metadata() {
    if (present(flow_.metadata_at) && !expect(flow_.metadata_at, "metadata", {json::Type::object})) return;
    for (const flow::Field& field : flow_.metadata) {
      check_named(field.name, field.value, field.at, "metadata", kMetadata);
    }
  }

  void check_object(json::Value object, std::string_view name, Members members) {
    if (!present(object) || is_empty_container(object) || !expect(object, name, {json::Type::object})) return;
    for (const json::Member& member : object.members()) {
      check_named(member.name(), member.value, member.value, name, members);
    }
  }

  void check_named(const std::string& name, json::Value value, json::Value at, std::string_view owner,
                   Members members) {
    const auto facts =
        std::find_if(members.begin(), members.end(), [&](const MemberFacts& known) { return known.name == name; });
    if (facts == members.end()) {
      unknown(at, name, "`" + std::string(owner) + "`", names_of(members));
    } else {
      check_member(value, at, *facts);
    }
  }

  void check_member(json::Value value, json::Value at, const MemberFacts& facts) {
    if (!present(value)) return;
    if (facts.kind == Kind::text) {
      expect(value, facts.name, {json::Type::string}, at);
    } else if (facts.kind == Kind::flag) {
      expect(value, facts.name, {json::Type::boolean}, at);
    } else if (!is_empty_container(value)) {
      check_container(value, at, facts);
    }
  }

  void check_container(json::Value value, json::Value at, const MemberFacts& facts) {
    if (facts.kind == Kind::map || (facts.kind == Kind::names && value.is(json::Type::object))) {
      check_map(value, at, facts);
    } else if (facts.kind == Kind::names && !value.is(json::Type::array)) {
      expect(value, facts.name, {json::Type::array, json::Type::object}, at);
    } else if (facts.kind != Kind::object) {
      check_list(value, at, facts);
    } else if (&value.document() == &at.document()) {
      check_object(value, facts.name, facts.members);
    } else {
      // Assembled from several places: its type is right and its members are known.
      for (const MemberFacts& inner : facts.members) check_member(value.find(inner.name), at, inner);
    }
  }

  void check_map(json::Value map, json::Value at, const MemberFacts& facts) {
    if (!expect(map, facts.name, {json::Type::object}, at)) return;
    for (const json::Member& member : map.members()) {
      if (present(member.value)) expect(member.value, member.name(), {json::Type::string});
    }
  }

  void check_list(json::Value list, json::Value at, const MemberFacts& facts) {
    if (!expect(list, facts.name, {json::Type::array}, at)) return;
    for (const json::Value item : list.items()) {
      const json::Type type = facts.kind == Kind::list ? json::Type::object : json::Type::string;
      if (!present(item) || !expect_entry(item, facts.name, type, at)) continue;
      if (facts.kind == Kind::list) check_object(item, facts.name, facts.members);
    }
  }

  void check_contents() {
    const json::Value contents = flow_.contents;
    if (!present(contents)) return;
    if (!expect(contents, is_console_ ? "dsl" : "contents", {json::Type::object})) return;
    if (tasks_.start_at()) expect(tasks_.start_at(), "startTask", {json::Type::string});
    if (!tasks_.tasks_at()) {
      missing(contents, "tasks", "`contents`");
    } else if (expect(tasks_.tasks_at(), "tasks", {json::Type::object})) {
      for (const Task& task : tasks_.all()) check_task(task);
    }
  }

  /// The parts of a task that the graph is made of.
  void check_task(const Task& task) {
    if (!expect(task.at, task.key, {json::Type::object})) return;
    if (present(task.id_at)) expect(task.id_at, "id", {json::Type::string});
    if (present(task.screen_id_at)) expect(task.screen_id_at, "screenId", {json::Type::string});
    if (present(task.conditions)) expect(task.conditions, "conditions", {json::Type::array});
    if (!present(task.next) || !expect(task.next, "next", {json::Type::object})) return;
    if (!present(task.rules_at) || !expect(task.rules_at, "rules", {json::Type::array})) return;
    for (const TaskRule& rule : task.rules) {
      if (!expect_entry(rule.at, "rules", json::Type::object)) continue;
      if (rule.target_at) expect(rule.target_at, "taskId", {json::Type::string});
      if (present(rule.interaction_at)) expect(rule.interaction_at, "interactionId", {json::Type::string});
    }
  }

  void check_screen(const flow::Screen& screen) {
    if (!screen.at) return;
    if (!screen.at.is(json::Type::object)) {
      const bool is_file = flow_.source.layout == flow::Layout::snapshot;
      wrong_type(screen.at, is_file ? "a screen" : "an entry of `screens`", {json::Type::object}, {});
      return;
    }
    const json::Value id = flow::value_of(screen.fields, "screenId");
    const json::Value contents = flow::value_of(screen.fields, "contents");
    if (!present(id)) {
      missing(screen.at, is_console_ ? "id" : "screenId", "the screen");
    } else if (expect(id, "screenId", {json::Type::string}) && screen.id.empty()) {
      findings_.add("missing-member", flow::find(screen.fields, "screenId")->at, "the screen's `screenId` is empty",
                    "give the screen an id");
    }
    if (!present(contents)) {
      missing(screen.at, is_console_ ? "htmlTemplate" : "contents", "the screen");
    } else {
      expect(contents, is_console_ ? "htmlTemplate" : "contents", {json::Type::object});
    }
    for (const flow::Field& field : screen.fields) {
      if (field.name == "interactions") {
        check_member(field.value, field.at, {"interactions", Kind::list, kInteraction});
      } else if (std::find(std::begin(kScreen), std::end(kScreen), field.name) == std::end(kScreen)) {
        unknown(field.at, field.name, "a screen", {std::begin(kScreen), std::end(kScreen)});
      }
    }
  }

  const flow::Flow& flow_;
  const Tasks& tasks_;
  Findings& findings_;
  const bool is_console_;
};

}  // namespace

void check_shape(const RuleContext& context, Findings& findings) { Shape(context, findings).check(); }

}  // namespace flowship::check
