#include "flow/layouts/layouts.hpp"
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

/// A file that held a flow when it was deployed is held to less: it may have been damaged since.
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

void take_export(json::Value object, Flow& flow) {
  for (const json::Member& member : object.members()) {
    const std::string name = member.name();
    if (name == "flowId") {
      flow.id_at = member.value;
      if (member.value.is(json::Type::string)) flow.id = member.value.string();
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
  take_export(object, flow);
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

}  // namespace flowship::flow
