#include "flow/layouts/console_members.hpp"
#include "flow/layouts/layouts.hpp"
#include "flow/layouts/object_text.hpp"
#include "json/compare.hpp"
#include "json/edit.hpp"
#include "json/pointer.hpp"

#include <map>
#include <set>
#include <utility>

namespace flowship::flow {

namespace {

using namespace console;

constexpr json::PatchRules kLoose{.empties = json::Empties::absent};

json::Value value_of(const Fields& fields, std::string_view name) {
  const Field* field = find(fields, name);
  return field == nullptr ? json::Value() : field->value;
}

/// Puts a console file's text together; what import does not take stays as `existing` has it.
class Writer {
 public:
  Writer(const Flow& flow, const Flow* existing) : flow_(flow), existing_(existing) {
    if (existing == nullptr || existing->documents.empty()) return;
    old_ = existing->documents.front().get();
    old_flow_ = old_->root().find("flow");
    std::map<std::string, int> seen;
    for (const Screen& screen : existing->screens) old_screens_[{screen.id, seen[screen.id]++}] = screen.at;
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
        {"references", kLoose},
        {"screens", {.empties = json::Empties::absent, .items = &screen_rules(), .key = "id"}}};
    FileChanges changes;
    put_file(changes, path, old_, root.text(), {.members = members});
    return changes;
  }

 private:
  [[noreturn]] void refuse(const std::string& pointer) const { refuse_to_hold(flow_, Layout::console, pointer); }

  void require_parts() const {
    if (!flow_.contents) refuse("the missing /contents");
    if (flow_.metadata_at && flow_.metadata.empty() && !json::is_empty(flow_.metadata_at)) refuse("/metadata");
    if (flow_.screens_at && !flow_.screens_at.is(json::Type::array) && !json::is_empty(flow_.screens_at)) {
      refuse("/screens");
    }
  }

  std::string flow_text() const {
    ObjectText text(flow_, Layout::console);
    text.add("id", json::quoted(flow_.id), "/flowId");
    for (const Field& field : flow_.metadata) {
      const std::string pointer = "/metadata/" + json::pointer_token(field.name);
      if (field.name == "translation") {
        add_translation(text, field.value);
      } else if (field.name != kComponentsVersion || version_stands_in_flow()) {
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
      const auto found = std::find_if(kTranslation.begin(), kTranslation.end(),
                                      [&](const Renamed& renamed) { return renamed.service == name; });
      const std::string pointer = "/metadata/translation/" + json::pointer_token(name);
      if (found == kTranslation.end()) refuse(pointer);
      text.add(std::string(found->console), member.value.text(), pointer);
    }
  }

  json::Value version() const { return value_of(flow_.metadata, kComponentsVersion); }

  bool version_stands_in_flow() const { return flow_.screens.empty() || old_flow_.find(kComponentsVersion); }

  /// Whether each screen that is there already keeps the version that it has: the service's one has not changed, nor
  /// the screen that it is taken from.
  bool screens_keep_versions() const {
    if (old_ == nullptr) return false;
    if (version_stands_in_flow()) return true;
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
    std::map<std::string, int> seen;
    std::string text;
    for (const Screen& screen : flow_.screens) {
      const auto old = old_screens_.find({screen.id, seen[screen.id]++});
      text += text.empty() ? "" : ",";
      text += screen_text(screen, old == old_screens_.end() ? json::Value() : old->second, keep_versions);
    }
    return "[" + text + "]";
  }

  std::string screen_text(const Screen& screen, json::Value old, bool keep_versions) const {
    if (screen.at && !screen.at.is(json::Type::object)) return std::string(screen.at.text());
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
    } else if (version() && !version_stands_in_flow()) {
      text.add(std::string(kComponentsVersion), version().text(), "/metadata/componentsVersion");
    }
    return text.text();
  }

  const Flow& flow_;
  const Flow* existing_;
  const json::Document* old_ = nullptr;
  json::Value old_flow_;
  std::map<std::pair<std::string, int>, json::Value> old_screens_;
};

/// What is said again elsewhere is left out without a loss only where it says the same.
void find_in_screens(const Flow& flow, std::vector<LeftOut>& found) {
  const json::Value version = value_of(flow.metadata, kComponentsVersion);
  std::size_t index = 0;
  for (const Screen& screen : flow.screens) {
    const std::string pointer = "/screens/" + std::to_string(index++) + "/";
    for (const json::Member& member : screen.at.members()) {
      const std::string name = member.name();
      const auto note = [&](bool is_needless) { found.push_back({pointer + json::pointer_token(name), is_needless}); };
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

FileChanges write_console(const Flow& flow, const std::string& path, const Flow* existing) {
  return Writer(flow, existing).write(path);
}

std::vector<LeftOut> left_out_of_console(const Flow& flow) {
  std::vector<LeftOut> found;
  if (flow.documents.empty()) return found;
  const json::Value root = flow.documents.front()->root();
  const json::Value console = root.find("flow");
  for (const json::Member& member : console.members()) {
    const std::string name = member.name();
    const auto note = [&](bool is_needless) { found.push_back({"/flow/" + json::pointer_token(name), is_needless}); };
    if (is_one_of(kDroppedFromFlow, name)) note(true);
    if (is_translation(name) && console.find("translation") && !json::is_empty(member.value)) note(false);
    if (name == "references" && root.find("references")) note(false);
  }
  find_in_screens(flow, found);
  return found;
}

}  // namespace flowship::flow
