#include "flow/layouts/layouts.hpp"
#include "flow/layouts/object_text.hpp"
#include "json/compare.hpp"
#include "json/edit.hpp"
#include "json/pointer.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace flowship::flow {

namespace {

/// The members of the console's `flow` that make up the service's `metadata.translation`: the console's name, the
/// service's.
constexpr std::pair<std::string_view, std::string_view> kTranslation[] = {{"translate", "enabled"},
                                                                          {"translateConnectorID", "connectorId"},
                                                                          {"translateSourceLang", "sourceLanguage"},
                                                                          {"translateTargetLangs", "targetLanguages"}};

/// What import does not accept.
constexpr std::string_view kDroppedFromFlow[] = {"version", "modifiedTime", "etag"};
constexpr std::string_view kDroppedFromScreen[] = {"version", "inputs"};

/// What every screen repeats: the flow's id, and the components' version that the service keeps once.
constexpr std::string_view kScreensFlow = "flowId";
constexpr std::string_view kComponentsVersion = "componentsVersion";

template <typename Names>
bool is_one_of(const Names& names, std::string_view name) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

bool is_translation(std::string_view name) {
  return std::any_of(std::begin(kTranslation), std::end(kTranslation),
                     [&](const auto& member) { return member.first == name; });
}

/// Members by which the console's `flow` is recognised without `dsl`.
constexpr std::string_view kConsoleMembers[] = {"translate", "translateConnectorID", "etag", "modifiedTime",
                                                "sharedInteractions"};

/// `metadata.translation`, assembled from those of its members that are there, if any of them is set.
void take_translation(json::Value console, Flow& flow) {
  ObjectText text(flow, Layout::console);
  json::Value at;
  bool is_set = false;
  for (const auto& [console_name, name] : kTranslation) {
    const json::Value value = console.find(console_name);
    if (!value) continue;
    if (!at) at = value;
    is_set = is_set || !json::is_empty(value);
    text.add(std::string(name), value.text(), "/metadata/translation");
  }
  if (!is_set || find(flow.metadata, "translation") != nullptr) return;
  flow.documents.push_back(json::Document::parse(text.text(), at.document().name()));
  flow.metadata.push_back({"translation", flow.documents.back()->root(), at});
}

Screen take_screen(json::Value value) {
  Screen screen;
  screen.at = value;
  for (const json::Member& member : value.members()) {
    std::string name = member.name();
    if (is_one_of(kDroppedFromScreen, name) || name == kScreensFlow || name == kComponentsVersion) continue;
    if (name == "id") {
      name = "screenId";
      screen.id = string_of(member.value);
    } else if (name == "htmlTemplate") {
      name = "contents";
    }
    const bool is_taken = (name == "screenId" || name == "contents") && find(screen.fields, name) != nullptr;
    if (!is_taken) screen.fields.push_back({name, member.value, member.value});
  }
  return screen;
}

/// The components' version of the first screen that has one.
void take_components_version(Flow& flow) {
  if (find(flow.metadata, kComponentsVersion) != nullptr) return;
  for (const Screen& screen : flow.screens) {
    const json::Value version = screen.at.find(kComponentsVersion);
    if (json::is_empty(version)) continue;
    flow.metadata.push_back({std::string(kComponentsVersion), version, version});
    return;
  }
}

void take_flow(json::Value console, Flow& flow) {
  flow.metadata_at = console;
  for (const json::Member& member : console.members()) {
    const std::string name = member.name();
    if (name == "id") {
      flow.id_at = member.value;
      flow.id = string_of(member.value);
    } else if (name == "dsl") {
      flow.contents = member.value;
    } else if (name == "references") {
      flow.references = member.value;
    } else if (!is_one_of(kDroppedFromFlow, name) && !is_translation(name)) {
      flow.metadata.push_back({name, member.value, member.value});
    }
  }
}

/// Assembles a console file's text; what import does not accept stays as `existing` has it.
class ConsoleWriter {
 public:
  ConsoleWriter(const Flow& flow, const Flow* existing) : flow_(flow), existing_(existing) {
    if (existing == nullptr || existing->documents.empty()) return;
    old_ = existing->documents.front().get();
    old_flow_ = old_->root().find("flow");
    old_screens_ = screens_by_key(*existing);
  }

  FileChanges write(const std::string& path) {
    require_parts();
    ObjectText root(flow_, Layout::console);
    root.add("flow", flow_text(), "/flow");
    if (flow_.screens_at || !flow_.screens.empty() || old_ == nullptr) root.add("screens", screens_text(), "/screens");
    if (flow_.references && !old_flow_.find("references")) {
      root.add("references", flow_.references.text(), "/references");
    }
    root.add(flow_.others, "");
    const json::MemberRules flow_members[] = {{"dsl", {}}};
    const json::MemberRules members[] = {
        {"flow", {.empties = json::Empties::absent, .members = flow_members}},
        {"references", kEmptiesAbsent},
        {"screens", {.empties = json::Empties::absent, .items = &screen_rules(), .key = "id"}}};
    FileChanges changes;
    put_file(changes, path, old_, root.text(), {.members = members});
    return changes;
  }

 private:
  [[noreturn]] void refuse(const std::string& pointer) const { refuse_to_store(flow_, Layout::console, pointer); }

  void require_parts() const {
    if (!flow_.contents) refuse("the missing /contents");
    if (!json::is_empty(malformed_metadata(flow_))) refuse("/metadata");
    if (!json::is_empty(malformed_screens(flow_))) refuse("/screens");
  }

  std::string flow_text() const {
    ObjectText text(flow_, Layout::console);
    text.add("id", json::quoted(flow_.id), "/flowId");
    for (const Field& field : flow_.metadata) {
      const std::string pointer = "/metadata/" + json::pointer_token(field.name);
      if (field.name == "translation") {
        add_translation(text, field.value);
      } else if (field.name != kComponentsVersion || version_is_in_flow()) {
        if (is_one_of(kDroppedFromFlow, field.name) || is_translation(field.name)) refuse(pointer);
        text.add(field.name, field.value.text(), pointer);
      }
    }
    text.add("dsl", flow_.contents.text(), "/contents");
    if (flow_.references && old_flow_.find("references")) {
      text.add("references", flow_.references.text(), "/references");
    }
    for (const std::string_view name : kDroppedFromFlow) keep(text, old_flow_, name);
    return text.text();
  }

  static void keep(ObjectText& text, json::Value old, std::string_view name) {
    const json::Value value = old.find(name);
    if (value) text.add(std::string(name), value.text(), std::string(name));
  }

  void add_translation(ObjectText& text, json::Value translation) const {
    if (!translation.is(json::Type::object)) {
      if (!json::is_empty(translation)) refuse("/metadata/translation");
      return;
    }
    for (const json::Member& member : translation.members()) {
      const std::string name = member.name();
      const auto found = std::find_if(std::begin(kTranslation), std::end(kTranslation),
                                      [&](const auto& renamed) { return renamed.second == name; });
      const std::string pointer = "/metadata/translation/" + json::pointer_token(name);
      if (found == std::end(kTranslation)) refuse(pointer);
      text.add(std::string(found->first), member.value.text(), pointer);
    }
  }

  json::Value version() const { return value_of(flow_.metadata, kComponentsVersion); }

  bool version_is_in_flow() const { return flow_.screens.empty() || old_flow_.find(kComponentsVersion); }

  /// Whether each existing screen keeps its version: neither the service's version has changed nor the screen that it
  /// is taken from.
  bool screens_keep_versions() const {
    if (old_ == nullptr) return false;
    if (version_is_in_flow()) return true;
    if (!json::equal(version(), value_of(existing_->metadata, kComponentsVersion), json::Empties::absent)) return false;
    std::set<std::string> ids;
    for (const Screen& screen : flow_.screens) ids.insert(screen.id);
    for (const Screen& screen : existing_->screens) {
      if (!json::is_empty(screen.at.find(kComponentsVersion))) return ids.contains(screen.id);
    }
    return true;
  }

  std::string screens_text() const {
    const bool keep_versions = screens_keep_versions();
    const std::vector<ScreenKey> keys = screen_keys(flow_);
    std::string text;
    for (std::size_t index = 0; index < keys.size(); ++index) {
      const auto old = old_screens_.find(keys[index]);
      text += text.empty() ? "" : ",";
      text +=
          screen_text(flow_.screens[index], old == old_screens_.end() ? json::Value() : old->second->at, keep_versions);
    }
    return "[" + text + "]";
  }

  std::string screen_text(const Screen& screen, json::Value old, bool keep_versions) const {
    if (const json::Value malformed = malformed_screen(screen)) return std::string(malformed.text());
    ObjectText text(flow_, Layout::console);
    for (const Field& field : screen.fields) {
      const std::string pointer = "/screens/" + json::pointer_token(screen.id) + "/" + json::pointer_token(field.name);
      const bool is_taken = is_one_of(kDroppedFromScreen, field.name) || field.name == kScreensFlow ||
                            field.name == kComponentsVersion || field.name == "id" || field.name == "htmlTemplate";
      if (is_taken) refuse(pointer);
      const std::string name = field.name == "screenId" ? "id" : field.name == "contents" ? "htmlTemplate" : field.name;
      text.add(name, field.value.text(), pointer);
    }
    if (old) {
      keep(text, old, kScreensFlow);
    } else {
      text.add(std::string(kScreensFlow), json::quoted(flow_.id), "/flowId");
    }
    for (const std::string_view name : kDroppedFromScreen) keep(text, old, name);
    if (old && keep_versions) {
      keep(text, old, kComponentsVersion);
    } else if (version() && !version_is_in_flow()) {
      text.add(std::string(kComponentsVersion), version().text(), "/metadata/componentsVersion");
    }
    return text.text();
  }

  const Flow& flow_;
  const Flow* existing_;
  const json::Document* old_ = nullptr;
  json::Value old_flow_;
  std::map<ScreenKey, const Screen*> old_screens_;
};

/// What is repeated elsewhere is left out without loss only if it is the same there.
void find_in_screens(const Flow& flow, std::vector<LeftOut>& found) {
  const json::Value version = value_of(flow.metadata, kComponentsVersion);
  std::size_t index = 0;
  for (const Screen& screen : flow.screens) {
    const std::string pointer = "/screens/" + std::to_string(index++) + "/";
    for (const json::Member& member : screen.at.members()) {
      const std::string name = member.name();
      const auto note = [&](bool is_redundant) {
        found.push_back({pointer + json::pointer_token(name), is_redundant});
      };
      if (is_one_of(kDroppedFromScreen, name)) note(true);
      if (name == kScreensFlow && !member.value.is_string(flow.id) && !json::is_empty(member.value)) note(false);
      if (name == kComponentsVersion && !json::equal(member.value, version, json::Empties::absent) &&
          !json::is_empty(member.value)) {
        note(false);
      }
      const bool is_doubled =
          (name == "screenId" && screen.at.find("id")) || (name == "contents" && screen.at.find("htmlTemplate"));
      if (is_doubled) note(false);
    }
  }
}

}  // namespace

bool is_console(Files& files, const Place& place) {
  if (place.kind != Place::Kind::file) return false;
  const json::DocumentPtr& document = files.parsed(place.first).document;
  if (document == nullptr) return false;
  const json::Value root = document->root();
  const json::Value flow = root.find("flow");
  if (flow.find("dsl")) return true;
  return flow.find("id") && !flow.find("flowId") && root.find("screens").is(json::Type::array) &&
         std::any_of(std::begin(kConsoleMembers), std::end(kConsoleMembers),
                     [&](std::string_view name) { return bool(flow.find(name)); });
}

Flow read_console(Files& files, const Place& place, std::vector<Problem>&) {
  Flow flow = flow_of_console(files.parsed(place.first).document);
  flow.source.path = place.path;
  flow.source.files = {files.entry(place.first)};
  return flow;
}

Flow flow_of_console(const json::DocumentPtr& document) {
  Flow flow;
  flow.source.layout = Layout::console;
  flow.source.path = document->name();
  flow.documents = {document};
  for (const json::Member& member : flow.documents.front()->root().members()) {
    const std::string name = member.name();
    if (name == "flow") {
      take_flow(member.value, flow);
      take_translation(member.value, flow);
    } else if (name == "screens") {
      flow.screens_at = member.value;
      for (const json::Value screen : member.value.items()) flow.screens.push_back(take_screen(screen));
    } else if (name == "references") {
      flow.references = member.value;
    } else {
      flow.others.push_back({name, member.value, member.value});
    }
  }
  take_components_version(flow);
  return flow;
}

FileChanges write_console(const Flow& flow, const std::string& path, const Flow* existing) {
  return ConsoleWriter(flow, existing).write(path);
}

std::vector<LeftOut> left_out_of_console(const Flow& flow) {
  std::vector<LeftOut> found;
  if (flow.documents.empty()) return found;
  const json::Value root = flow.documents.front()->root();
  const json::Value console = root.find("flow");
  for (const json::Member& member : console.members()) {
    const std::string name = member.name();
    const auto note = [&](bool is_redundant) { found.push_back({"/flow/" + json::pointer_token(name), is_redundant}); };
    if (is_one_of(kDroppedFromFlow, name)) note(true);
    if (is_translation(name) && console.find("translation") && !json::is_empty(member.value)) note(false);
    if (name == "references" && root.find("references")) note(false);
  }
  find_in_screens(flow, found);
  return found;
}

}  // namespace flowship::flow
