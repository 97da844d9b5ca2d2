#include "flow/layouts/console_members.hpp"
#include "flow/layouts/layouts.hpp"
#include "json/compare.hpp"
#include "json/edit.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace flowship::flow {

namespace {

using namespace console;

/// Members by which the console's `flow` is known where `dsl` is missing.
constexpr std::array<std::string_view, 5> kTellTale = {"translate", "translateConnectorID", "etag", "modifiedTime",
                                                       "sharedInteractions"};

/// `metadata.translation`, put together from those of its members that are there; nothing when none of them is set.
void take_translation(json::Value console, Flow& flow) {
  std::string text;
  json::Value at;
  bool is_set = false;
  for (const Renamed& member : kTranslation) {
    const json::Value value = console.find(member.console);
    if (!value) continue;
    if (!at) at = value;
    is_set = is_set || !json::is_empty(value);
    text += (text.empty() ? "{" : ",") + json::quoted(member.service) + ":" + std::string(value.text());
  }
  if (!is_set || find(flow.metadata, "translation") != nullptr) return;
  flow.documents.push_back(json::Document::parse(text + "}", at.document().name()));
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
      if (member.value.is(json::Type::string)) screen.id = member.value.string();
    } else if (name == "htmlTemplate") {
      name = "contents";
    }
    const bool is_taken = (name == "screenId" || name == "contents") && find(screen.fields, name) != nullptr;
    if (!is_taken) screen.fields.push_back({name, member.value, member.value});
  }
  return screen;
}

/// The components' version, which the console writes into every screen and the service keeps once.
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
      if (member.value.is(json::Type::string)) flow.id = member.value.string();
    } else if (name == "dsl") {
      flow.contents = member.value;
    } else if (name == "references") {
      flow.references = member.value;
    } else if (!is_one_of(kDroppedFromFlow, name) && !is_translation(name)) {
      flow.metadata.push_back({name, member.value, member.value});
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
         std::any_of(kTellTale.begin(), kTellTale.end(), [&](std::string_view name) { return bool(flow.find(name)); });
}

Flow read_console(Files& files, const Place& place, std::vector<Problem>&) {
  Flow flow;
  flow.source = {Layout::console, place.path, {files.entry(place.first)}};
  flow.documents = {files.parsed(place.first).document};
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

}  // namespace flowship::flow
