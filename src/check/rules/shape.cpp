// The rules about members and their types, as the management API describes a flow: what it requires, what type each
// has, and names that it does not know. `contents` and a screen's `contents` are free-form.

#include "base/text/did_you_mean.hpp"
#include "check/rules/rule.hpp"
#include "json/compare.hpp"

#include <algorithm>
#include <initializer_list>
#include <span>
#include <string>

namespace flowship::check {

namespace {

struct MemberFacts;
using Members = std::span<const MemberFacts>;

/// What a member holds. `names` is a list of texts or a map of names to ids: exports have been seen with both.
enum class Kind { text, flag, texts, map, names, object, list };

struct MemberFacts {
  std::string_view name;
  Kind kind;
  /// Of an object, or of each object in a list.
  Members members;
};

constexpr MemberFacts kInteraction[] = {{"id", Kind::text, {}},
                                        {"type", Kind::text, {}},
                                        {"label", Kind::text, {}},
                                        {"icon", Kind::text, {}},
                                        {"subType", Kind::text, {}}};
constexpr MemberFacts kTranslation[] = {{"enabled", Kind::flag, {}},
                                        {"connectorId", Kind::text, {}},
                                        {"sourceLanguage", Kind::text, {}},
                                        {"targetLanguages", Kind::texts, {}}};
constexpr MemberFacts kEventTriggers[] = {{"triggeringEventTypes", Kind::texts, {}}};
constexpr MemberFacts kTriggers[] = {
    {"enabled", Kind::flag, {}}, {"triggerType", Kind::text, {}}, {"eventTriggers", Kind::object, kEventTriggers}};
constexpr MemberFacts kManagementConfig[] = {{"triggers", Kind::object, kTriggers}};
constexpr MemberFacts kMetadata[] = {{"name", Kind::text, {}},
                                     {"description", Kind::text, {}},
                                     {"componentsVersion", Kind::text, {}},
                                     {"disabled", Kind::flag, {}},
                                     {"fingerprint", Kind::flag, {}},
                                     {"widget", Kind::flag, {}},
                                     {"translation", Kind::object, kTranslation},
                                     {"sharedInteractions", Kind::list, kInteraction},
                                     {"management", Kind::flag, {}},
                                     {"managementConfig", Kind::object, kManagementConfig}};
constexpr MemberFacts kReferences[] = {{"connectors", Kind::map, {}},
                                       {"oauth", Kind::names, {}},
                                       {"roles", Kind::names, {}},
                                       {"userAttributes", Kind::names, {}},
                                       {"tenantAttributes", Kind::names, {}}};
constexpr std::string_view kScreen[] = {"screenId", "interactions", "contents"};
constexpr std::string_view kFlow[] = {"flowId", "metadata", "contents", "screens", "references"};

std::string_view to_text(json::Type type) {
  switch (type) {
    case json::Type::null:
      return "`null`";
    case json::Type::boolean:
      return "`true` or `false`";
    case json::Type::number:
      return "a number";
    case json::Type::string:
      return "a string";
    case json::Type::array:
      return "a list";
    case json::Type::object:
      return "an object";
  }
  return {};
}

using Types = std::initializer_list<json::Type>;

bool is_of(json::Value value, Types types) {
  return std::any_of(types.begin(), types.end(), [&](json::Type type) { return value.is(type); });
}

class Shape {
 public:
  Shape(const Subject& subject, Findings& findings) : flow_(subject.flow), tasks_(subject.tasks), findings_(findings) {}

  void check() {
    check_flow();
    check_metadata();
    check_object(flow_.references, "references", kReferences);
    check_contents();
    if (present(flow_.screens_at)) expect(flow_.screens_at, "screens", {json::Type::array});
    for (const flow::Screen& screen : flow_.screens) check_screen(screen);
  }

 private:
  /// Empty and absent mean the same outside of the free-form parts, and `null` is empty.
  static bool present(json::Value value) { return value && !value.is(json::Type::null); }

  json::Value root() const;
  void check_flow();
  void check_metadata();
  void check_contents();
  void check_tasks();
  void check_screen(const flow::Screen& screen);
  void check_object(json::Value object, std::string_view name, Members members);
  void check_member(json::Value value, json::Value at, const MemberFacts& facts);
  void check_list(json::Value list, json::Value at, const MemberFacts& facts);
  bool expect(json::Value value, std::string_view name, Types types, json::Value at = {});
  bool expect_entry(json::Value value, std::string_view list, json::Type type, json::Value at = {});
  bool wrong_type(json::Value value, const std::string& what, Types types, json::Value at);
  void missing(json::Value object, std::string_view name, std::string_view owner);
  void unknown(json::Value value, std::string_view name, std::string_view owner, const std::vector<std::string>& known);

  const flow::Flow& flow_;
  const Tasks& tasks_;
  Findings& findings_;
};

std::vector<std::string> names_of(Members members) {
  std::vector<std::string> names;
  for (const MemberFacts& facts : members) names.emplace_back(facts.name);
  return names;
}

/// Where the value of a converted member stands in the author's text.
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

void Shape::missing(json::Value object, std::string_view name, std::string_view owner) {
  findings_.add("missing-member", object, std::string(owner) + " has no `" + std::string(name) + "`",
                "add `" + std::string(name) + "`, which the service requires");
}

void Shape::unknown(json::Value value, std::string_view name, std::string_view owner,
                    const std::vector<std::string>& known) {
  const std::string nearest = did_you_mean(name, known);
  findings_.add("unknown-member", value.document(), key_offset(value),
                "the service is not known to have " + in_ticks(name) + " in " + std::string(owner),
                nearest.empty() ? "check the name; it is sent as it stands" : nearest);
}

bool Shape::expect(json::Value value, std::string_view name, Types types, json::Value at) {
  return is_of(value, types) || wrong_type(value, in_ticks(name), types, at);
}

bool Shape::expect_entry(json::Value value, std::string_view list, json::Type type, json::Value at) {
  return value.is(type) || wrong_type(value, "an entry of " + in_ticks(list), {type}, at);
}

/// Always false: nothing is put into words before something is wrong.
bool Shape::wrong_type(json::Value value, const std::string& what, Types types, json::Value at) {
  std::string expected;
  for (const json::Type type : types) expected += (expected.empty() ? "" : " or ") + std::string(to_text(type));
  const std::string is = value.is(json::Type::boolean) ? std::string(value.text()) : std::string(to_text(value.type()));
  findings_.add("wrong-type", at ? place_of(value, at) : value, what + " has to be " + expected + ", not " + is,
                "write " + expected);
  return false;
}

/// The object whose members are the flow's own; absent in a snapshot, where files take its place.
json::Value Shape::root() const {
  if (flow_.source.layout == flow::Layout::snapshot || flow_.documents.empty()) return {};
  const json::Value root = flow_.documents.front()->root();
  const json::Value wrapped = root.find("flow");
  const bool is_wrapped = !root.find("flowId") && wrapped.find("flowId");
  return flow_.source.layout == flow::Layout::exported && is_wrapped ? wrapped : root;
}

void Shape::check_flow() {
  const json::Value object = root();
  if (!object) return;
  const bool is_console = flow_.source.layout == flow::Layout::console;
  const json::Value owner = is_console && object.find("flow") ? object.find("flow") : object;
  const std::string_view id_name = is_console ? "id" : "flowId";
  if (!present(flow_.id_at)) {
    missing(owner, id_name, "the flow");
  } else {
    expect(flow_.id_at, id_name, {json::Type::string});
  }
  if (!present(flow_.metadata_at)) missing(owner, "metadata", "the flow");
  if (!present(flow_.contents)) missing(owner, is_console ? "dsl" : "contents", "the flow");
  for (const flow::Field& other : flow_.others) {
    unknown(other.at, other.name, "a flow", {std::begin(kFlow), std::end(kFlow)});
  }
}

void Shape::check_metadata() {
  if (present(flow_.metadata_at) && !expect(flow_.metadata_at, "metadata", {json::Type::object})) return;
  for (const flow::Field& field : flow_.metadata) {
    const auto facts = std::find_if(std::begin(kMetadata), std::end(kMetadata),
                                    [&](const MemberFacts& known) { return known.name == field.name; });
    if (facts == std::end(kMetadata)) {
      unknown(field.at, field.name, "`metadata`", names_of(kMetadata));
    } else {
      check_member(field.value, field.at, *facts);
    }
  }
}

void Shape::check_object(json::Value object, std::string_view name, Members members) {
  if (!present(object) || !expect(object, name, {json::Type::object})) return;
  for (const json::Member& member : object.members()) {
    const auto facts = std::find_if(members.begin(), members.end(),
                                    [&](const MemberFacts& known) { return member.key.is_string(known.name); });
    if (facts == members.end()) {
      unknown(member.value, member.name(), "`" + std::string(name) + "`", names_of(members));
    } else {
      check_member(member.value, member.value, *facts);
    }
  }
}

void Shape::check_member(json::Value value, json::Value at, const MemberFacts& facts) {
  if (!present(value)) return;
  switch (facts.kind) {
    case Kind::text:
      expect(value, facts.name, {json::Type::string}, at);
      break;
    case Kind::flag:
      expect(value, facts.name, {json::Type::boolean}, at);
      break;
    case Kind::texts:
    case Kind::list:
      check_list(value, at, facts);
      break;
    case Kind::names:
      if (value.is(json::Type::array)) {
        check_list(value, at, facts);
      } else {
        expect(value, facts.name, {json::Type::array, json::Type::object}, at);
      }
      break;
    case Kind::map:
      if (!expect(value, facts.name, {json::Type::object}, at)) break;
      for (const json::Member& member : value.members()) {
        if (present(member.value)) expect(member.value, member.name(), {json::Type::string});
      }
      break;
    case Kind::object:
      // A value that was put together from several places has its types from there; only its own are looked at.
      if (&value.document() == &at.document()) {
        check_object(value, facts.name, facts.members);
      } else {
        for (const MemberFacts& inner : facts.members) check_member(value.find(inner.name), at, inner);
      }
      break;
  }
}

void Shape::check_list(json::Value list, json::Value at, const MemberFacts& facts) {
  if (!expect(list, facts.name, {json::Type::array}, at)) return;
  for (const json::Value item : list.items()) {
    const json::Type type = facts.kind == Kind::list ? json::Type::object : json::Type::string;
    if (!present(item) || !expect_entry(item, facts.name, type, at)) continue;
    if (facts.kind == Kind::list) check_object(item, facts.name, facts.members);
  }
}

void Shape::check_contents() {
  const json::Value contents = flow_.contents;
  if (!present(contents)) return;
  if (!expect(contents, flow_.source.layout == flow::Layout::console ? "dsl" : "contents", {json::Type::object}))
    return;
  if (tasks_.start_at()) expect(tasks_.start_at(), "startTask", {json::Type::string});
  if (!tasks_.tasks_at()) {
    missing(contents, "tasks", "`contents`");
  } else if (expect(tasks_.tasks_at(), "tasks", {json::Type::object})) {
    check_tasks();
  }
}

/// The parts of a task that the graph is made of.
void Shape::check_tasks() {
  for (const Task& task : tasks_.all()) {
    if (!expect(task.at, task.key, {json::Type::object})) continue;
    if (present(task.id_at)) expect(task.id_at, "id", {json::Type::string});
    if (present(task.screen_id_at)) expect(task.screen_id_at, "screenId", {json::Type::string});
    if (present(task.conditions)) expect(task.conditions, "conditions", {json::Type::array});
    if (!present(task.next) || !expect(task.next, "next", {json::Type::object})) continue;
    if (!present(task.rules_at) || !expect(task.rules_at, "rules", {json::Type::array})) continue;
    for (const TaskRule& rule : task.rules) {
      if (!expect_entry(rule.at, "rules", json::Type::object)) continue;
      if (rule.target_at) expect(rule.target_at, "taskId", {json::Type::string});
      if (present(rule.interaction_at)) expect(rule.interaction_at, "interactionId", {json::Type::string});
    }
  }
}

void Shape::check_screen(const flow::Screen& screen) {
  if (!screen.at) return;
  const bool is_file = flow_.source.layout == flow::Layout::snapshot;
  if (!screen.at.is(json::Type::object)) {
    wrong_type(screen.at, is_file ? "a screen" : "an entry of `screens`", {json::Type::object}, {});
    return;
  }
  const bool is_console = flow_.source.layout == flow::Layout::console;
  const flow::Field* id = flow::find(screen.fields, "screenId");
  const flow::Field* contents = flow::find(screen.fields, "contents");
  if (id == nullptr || !present(id->value)) {
    missing(screen.at, is_console ? "id" : "screenId", "the screen");
  } else if (expect(id->value, "screenId", {json::Type::string}) && screen.id.empty()) {
    findings_.add("missing-member", id->at, "the screen's `screenId` is empty", "give the screen an id");
  }
  if (contents == nullptr || !present(contents->value)) {
    missing(screen.at, is_console ? "htmlTemplate" : "contents", "the screen");
  } else {
    expect(contents->value, is_console ? "htmlTemplate" : "contents", {json::Type::object});
  }
  for (const flow::Field& field : screen.fields) {
    if (field.name == "interactions") {
      check_member(field.value, field.at, {"interactions", Kind::list, kInteraction});
    } else if (std::find(std::begin(kScreen), std::end(kScreen), field.name) == std::end(kScreen)) {
      unknown(field.at, field.name, "a screen", {std::begin(kScreen), std::end(kScreen)});
    }
  }
}

}  // namespace

void check_shape(const Subject& subject, Findings& findings) { Shape(subject, findings).check(); }

}  // namespace flowship::check
