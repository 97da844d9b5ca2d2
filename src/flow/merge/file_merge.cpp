#include "flow/merge/file_merge.hpp"

#include "base/files/path.hpp"
#include "flow/layouts/layouts.hpp"
#include "flow/layouts/reading.hpp"
#include "flow/layouts/writing.hpp"
#include "json/patch.hpp"

#include <algorithm>
#include <utility>

namespace flowship::flow {

namespace {

using json::Type;
using json::Value;

constexpr std::string_view kMetadataMembers[] = {"name",        "description",        "screens",    "componentsVersion",
                                                 "translation", "sharedInteractions", "references", "disabled"};

bool is_metadata(Value root) {
  return std::any_of(std::begin(kMetadataMembers), std::end(kMetadataMembers),
                     [&](std::string_view name) { return bool(root.find(name)); });
}

/// What a version of the file is, by the name of the file and by what is in it; by that alone if the name is none of a
/// JSON file, such as a temporary one.
Role role_of_file(std::string_view name, Value root) {
  const bool is_named = name.ends_with(".json");
  if ((name == "contents.json" || !is_named) && is_graph(root)) return Role::contents;
  if (!is_named && root.find("screenId")) return Role::screen;
  if (!screen_name(name).empty() && (root.find("screenId") || root.find("contents"))) return Role::screen;
  if (name == "metadata.json" && is_metadata(root)) return Role::metadata;
  const Value flow = root.find("flow");
  if (flow.find("dsl")) return Role::console;
  const Value object = exported_flow(root);
  if (object.find("flowId") && (is_graph(object.find("contents")) || object.find("metadata").is(Type::object))) {
    return object.same_place(root) ? Role::flow : Role::wrapped;
  }
  return !is_named && is_metadata(root) ? Role::metadata : Role::other;
}

bool is_whole_flow(Role role) { return role == Role::flow || role == Role::wrapped || role == Role::console; }

/// A version of a file with a whole flow, in any layout.
Flow flow_in(const std::string& path, const std::string& text) {
  Reading reading = read_flows({{path, git::EntryKind::file, {}}}, {.sources = {}, .known = {path}},
                               [&](const git::Entry&) { return text; });
  return std::move(reading.flows.at(0));
}

void write_texts(FileMerge& result, const std::function<std::string(const json::DocumentPtr&)>& text_of) {
  result.text = text_of(result.merged.document);
  if (result.merged.conflicts.empty()) return;
  result.with_theirs = text_of(resolved(result.merged, Favour::theirs));
  result.with_nobodys = text_of(resolved(result.merged, Favour::nobody));
}

/// The versions are in different layouts.
FileMerge merge_layouts(const FileVersions& versions, const FaultsOfRole& faults) {
  const Flow ours = flow_in(versions.path, versions.ours);
  const MergedFlow merged = merge(flow_in(versions.path, versions.base), ours, flow_in(versions.path, versions.theirs),
                                  {.faults = faults(Role::flow)});
  FileMerge result{merged.merged, {}, {}, {}};
  write_texts(result, [&](const json::DocumentPtr& value) {
    const Flow flow = flow_of_export(value, value->root());
    const FileChanges changes = files_of(flow, ours.source.layout, versions.path, &ours);
    return changes.empty() ? versions.ours : changes.begin()->second.value_or(versions.ours);
  });
  return result;
}

}  // namespace

std::optional<FileMerge> merge_file(const FileVersions& versions, const FaultsOfRole& faults,
                                    const FindSiblings& find_siblings) {
  const auto read = [](const std::string& text) { return json::Document::read(text).document; };
  const json::DocumentPtr ours = read(versions.ours);
  const json::DocumentPtr theirs = read(versions.theirs);
  const json::DocumentPtr base = read(versions.base.empty() ? "{}" : versions.base);
  if (!ours || !theirs || !base) return std::nullopt;
  const std::string_view name = name_of(versions.path);
  const Role role = role_of_file(name, ours->root());
  const Role their_role = role_of_file(name, theirs->root());
  const Role base_role = versions.base.empty() ? role : role_of_file(name, base->root());
  if (role != their_role || role != base_role) {
    if (!is_whole_flow(role) || !is_whole_flow(their_role) || !is_whole_flow(base_role)) return std::nullopt;
    return merge_layouts(versions, faults);
  }
  if (role == Role::other) return std::nullopt;
  FollowedIds followed = follow_moved_ids({base, ours, theirs}, role, find_siblings);
  const ThreeDocuments& documents = followed.versions;
  MergeOptions options{.numbering = numbering_of_file(documents, role, find_siblings), .faults = faults(role)};
  options.numbering->contested.merge(followed.contested);
  if (!followed.reason.empty()) options.numbering->reason = followed.reason;
  FileMerge result{merge(documents.base, documents.ours, documents.theirs, role, options), {}, {}, {}};
  std::vector<NewId>& ids = result.merged.new_ids;
  ids.insert(ids.begin(), followed.new_ids.begin(), followed.new_ids.end());
  write_texts(result, [&](const json::DocumentPtr& value) { return json::patched(*ours, value->root()); });
  return result;
}

}  // namespace flowship::flow
