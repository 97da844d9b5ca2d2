#include "flow/layouts/layouts.hpp"
#include "flow/layouts/object_text.hpp"
#include "flow/layouts/screen_names.hpp"
#include "json/assembly.hpp"
#include "json/compare.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace flowship::flow {

namespace {

const json::Document* document_of(json::Value value) { return value ? &value.document() : nullptr; }

/// What has no place in a folder: a part that is missing or of the wrong type, members of the flow itself.
void require_parts(const Flow& flow) {
  const auto refuse = [&](const std::string& pointer) { refuse_to_hold(flow, Layout::snapshot, pointer); };
  if (!flow.others.empty()) refuse("/" + flow.others.front().name);
  if (!flow.contents) refuse("the missing /contents");
  if (flow.metadata_at && !flow.metadata_at.is(json::Type::object) && !json::is_empty(flow.metadata_at)) {
    refuse("/metadata");
  }
  if (flow.screens_at && !flow.screens_at.is(json::Type::array) && !json::is_empty(flow.screens_at)) {
    refuse("/screens");
  }
  for (const char* name : {"flowId", "references", "screens"}) {
    if (find(flow.metadata, name) != nullptr) refuse(std::string("/metadata/") + name);
  }
}

/// The list `screens`: names that are there already in their order, new ones between them.
std::string list_text(const std::vector<std::string>& names, const Flow* existing) {
  std::vector<std::string> olds;
  if (existing != nullptr) {
    for (const Screen& screen : existing->screens) olds.push_back(screen.file_name);
  }
  return json::strings(json::merged_order(olds, names)).text();
}

/// metadata.json, which is where the service puts `screens` and `references` as well.
std::string metadata_text(const Flow& flow, const std::vector<std::string>& names, const Flow* existing) {
  std::vector<std::pair<std::string, std::string>> members;
  for (const Field& field : flow.metadata) members.emplace_back(field.name, field.value.text());
  const bool by_name = std::is_sorted(members.begin(), members.end());
  const auto add = [&](const std::string& name, std::string text) {
    const auto place =
        by_name ? std::upper_bound(members.begin(), members.end(), std::pair(name, std::string())) : members.end();
    members.emplace(place, name, std::move(text));
  };
  if (existing != nullptr) {
    // It can only be the folder's name, and the service does not need it.
    if (const json::Value id = existing->metadata_at.find("flowId")) add("flowId", std::string(id.text()));
  }
  if (flow.references) add("references", std::string(flow.references.text()));
  const bool has_list = flow.screens_at || !names.empty() || (existing != nullptr && existing->screens_at);
  if (has_list) add("screens", list_text(names, existing));
  ObjectText text(flow, Layout::snapshot);
  for (const auto& [name, value] : members) text.add(name, value, "/metadata/" + name);
  return text.text();
}

std::string screen_text(const Flow& flow, const Screen& screen) {
  if (screen.at && !screen.at.is(json::Type::object)) return std::string(screen.at.text());
  ObjectText text(flow, Layout::snapshot);
  text.add(screen.fields, "/screens/" + screen.id);
  return text.text();
}

}  // namespace

FileChanges write_snapshot(const Flow& flow, const std::string& path, const Flow* existing) {
  require_parts(flow);
  const std::vector<std::string> names = screen_file_names(flow, existing);
  FileChanges changes;
  const json::PatchRules kLoose{.empties = json::Empties::absent};
  put_file(changes, path + "/metadata.json", existing == nullptr ? nullptr : document_of(existing->metadata_at),
           metadata_text(flow, names, existing), kLoose);
  put_file(changes, path + "/contents.json", existing == nullptr ? nullptr : document_of(existing->contents),
           std::string(flow.contents.text()), {});
  const auto file_of = [&](const std::string& name) { return path + "/screen-" + name + ".json"; };
  std::map<std::string, const json::Document*> there;
  if (existing != nullptr) {
    for (const Screen& screen : existing->screens) there[screen.file_name] = document_of(screen.at);
  }
  for (std::size_t number = 0; number < names.size(); ++number) {
    const auto old = there.find(names[number]);
    put_file(changes, file_of(names[number]), old == there.end() ? nullptr : old->second,
             screen_text(flow, flow.screens[number]), screen_rules());
    if (old != there.end()) there.erase(old);
  }
  for (const auto& [name, document] : there) changes[file_of(name)] = std::nullopt;
  return changes;
}

}  // namespace flowship::flow
