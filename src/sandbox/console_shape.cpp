#include "sandbox/console_shape.hpp"

#include "flow/layouts/reading.hpp"
#include "flow/layouts/writing.hpp"
#include "flow/model/payload.hpp"
#include "json/edit.hpp"
#include "sandbox/shape.hpp"

#include <algorithm>

namespace flowship::sandbox {

std::optional<Refusal> check_console_import(json::Value body) {
  for (const std::string_view name : {"flowId", "flow"}) {
    const json::Value value = body.find(name);
    if (!value || value.is(json::Type::null)) {
      return Refusal{400, kMissingArguments, "/" + std::string(name) + " is required"};
    }
  }
  if (!body.find("flow").is(json::Type::object)) return Refusal{400, kValidationFailure, "/flow must be an object"};
  const json::Value dsl = body.find("flow").find("dsl");
  if (!dsl || dsl.is(json::Type::null)) return Refusal{400, kMissingArguments, "/flow/dsl is required"};
  if (!dsl.is(json::Type::object)) return Refusal{400, kValidationFailure, "/flow/dsl must be an object"};
  if (const json::Value id = body.find("flowId"); !id.is(json::Type::string) || !is_flow_id(id.string())) {
    return Refusal{400, kValidationFailure, "/flowId must be 1 to 128 letters, digits, hyphens and underscores"};
  }
  return std::nullopt;
}

std::string flow_of_console_import(const json::DocumentPtr& body) {
  flow::Flow flow = flow::flow_of_console(body);
  flow.id = body->root().find("flowId").string();
  std::erase_if(flow.others, [](const flow::Field& field) { return field.name == "flowId"; });
  return flow::export_text(flow);
}

std::string console_text(const StoredFlow& stored) {
  const json::DocumentPtr document = json::Document::parse(stored.text);
  flow::Flow flow = flow::flow_of_export(document, document->root());
  flow.references = {};
  const std::string path = "flow.json";
  const json::DocumentPtr console =
      json::Document::parse(*flow::files_of(flow, flow::Layout::console, path, nullptr).at(path));
  const json::Value held = console->root().find("flow");
  std::string text(held.text());
  text.insert(text.rfind('}'), ",\"version\":" + std::to_string(stored.version) +
                                   ",\"etag\":" + json::quoted(stored.etag) +
                                   ",\"modifiedTime\":" + std::to_string(stored.modified_time));
  return json::with_replacements(*console, {{held, text}});
}

}  // namespace flowship::sandbox
