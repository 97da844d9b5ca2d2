#include "flow/layouts/layouts.hpp"
#include "flow/layouts/object_text.hpp"
#include "flow/model/payload.hpp"
#include "json/edit.hpp"
#include "json/pointer.hpp"

namespace flowship::flow {

namespace {

bool has_export_shape(json::Value object) {
  const json::Value metadata = object.find("metadata");
  const json::Value contents = object.find("contents");
  if (object.find("flowId").is(json::Type::string)) {
    return is_graph(contents) || metadata.is(json::Type::object) || object.find("screens").is(json::Type::array);
  }
  return metadata.is(json::Type::object) && is_graph(contents);
}

/// Enough for a file that held a flow when it was deployed: it may have been damaged since.
bool has_a_part(json::Value object) {
  return object.find("flowId") || object.find("metadata") || object.find("contents") || object.find("screens");
}

}  // namespace

json::Value exported_flow(json::Value root) {
  const json::Value wrapped = root.find("flow");
  return wrapped && !root.find("flowId") && wrapped.find("flowId") ? wrapped : root;
}

bool is_exported(Files& files, const Place& place) {
  if (place.kind != Place::Kind::file) return false;
  const json::DocumentPtr& document = files.parsed(place.first).document;
  if (document == nullptr) return false;
  const json::Value object = exported_flow(document->root());
  return has_export_shape(object) || (place.known && has_a_part(object));
}

Flow read_exported(Files& files, const Place& place, std::vector<Problem>&) {
  const json::DocumentPtr& document = files.parsed(place.first).document;
  Flow flow = flow_of_export(document, exported_flow(document->root()));
  flow.source = {Layout::exported, place.path, {files.entry(place.first)}};
  return flow;
}

Flow flow_of_export(const json::DocumentPtr& document, json::Value object) {
  Flow flow;
  flow.source.layout = Layout::exported;
  flow.source.path = document->name();
  flow.documents = {document};
  for (const json::Member& member : object.members()) {
    const std::string name = member.name();
    if (name == "flowId") {
      flow.id_at = member.value;
      flow.id = string_of(member.value);
    } else if (name == "metadata") {
      flow.metadata_at = member.value;
      flow.metadata = fields_of(member.value);
    } else if (name == "contents") {
      flow.contents = member.value;
    } else if (name == "screens") {
      flow.screens_at = member.value;
      for (const json::Value screen : member.value.items()) flow.screens.push_back(screen_of(screen));
    } else if (name == "references") {
      flow.references = member.value;
    } else {
      flow.others.push_back({name, member.value, member.value});
    }
  }
  return flow;
}

std::vector<LeftOut> left_out_of_exported(const Flow& flow) {
  std::vector<LeftOut> found;
  if (flow.documents.empty()) return found;
  const json::Value root = flow.documents.front()->root();
  if (exported_flow(root).same_place(root)) return found;
  for (const json::Member& member : root.members()) {
    if (!member.key.is_string("flow")) found.push_back({"/" + json::pointer_token(member.name()), false});
  }
  return found;
}

FileChanges write_exported(const Flow& flow, const std::string& path, const Flow* existing) {
  const json::MemberRules members[] = {
      {"metadata", kEmptiesAbsent},
      {"references", kEmptiesAbsent},
      {"screens", {.empties = json::Empties::absent, .items = &screen_rules(), .key = "screenId"}}};
  const json::PatchRules rules{.members = members};
  FileChanges changes;
  if (existing == nullptr || existing->documents.empty()) {
    put_file(changes, path, nullptr, export_text(flow), rules);
    return changes;
  }
  // A copy of the service's response has the flow under `flow`.
  const json::Document& old = *existing->documents.front();
  const json::Value object = exported_flow(old.root());
  const json::DocumentPtr wanted = json::Document::parse(export_text(flow), path);
  const std::string text = json::with_replacements(old, {{object, json::patched(object, wanted->root(), rules)}});
  if (text != old.text()) changes[path] = text;
  return changes;
}

}  // namespace flowship::flow
