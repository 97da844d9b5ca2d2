#include "sandbox/service.hpp"

#include "flow/model/built_in.hpp"
#include "json/edit.hpp"
#include "sandbox/answers.hpp"
#include "sandbox/authorization.hpp"
#include "sandbox/console_shape.hpp"
#include "sandbox/shape.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

namespace flowship::sandbox {

namespace {

constexpr std::array<Endpoint, 7> kEndpoints{{
    {Endpoint::Kind::import_flow, "import", "/v2/mgmt/flow/import"},
    {Endpoint::Kind::export_flow, "export", "/v2/mgmt/flow/export"},
    {Endpoint::Kind::import_console, "import", "/v1/mgmt/flow/import"},
    {Endpoint::Kind::export_console, "export", "/v1/mgmt/flow/export"},
    {Endpoint::Kind::list_flows, "list", "/v1/mgmt/flow/list"},
    {Endpoint::Kind::delete_flows, "delete", "/v1/mgmt/flow/delete"},
    {Endpoint::Kind::license, "license", "/v1/mgmt/license", "GET"},
}};

bool is_json(std::string_view content_type) {
  content_type = content_type.substr(0, content_type.find(';'));
  while (content_type.ends_with(' ') || content_type.ends_with('\t')) content_type.remove_suffix(1);
  constexpr std::string_view wanted = "application/json";
  return std::equal(content_type.begin(), content_type.end(), wanted.begin(), wanted.end(),
                    [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; });
}

/// The error for a request whose headers or JSON are invalid.
std::optional<Refusal> check_request(const Endpoint& endpoint, const net::IncomingRequest& request,
                                     const json::ReadResult& body) {
  if (endpoint.kind == Endpoint::Kind::license) return std::nullopt;
  if (endpoint.kind == Endpoint::Kind::list_flows && request.body.empty()) return std::nullopt;
  if (!is_json(request.headers.find("Content-Type").value_or(""))) {
    return Refusal{415, kBadRequest, "Content-Type must be application/json"};
  }
  if (body.fault) {
    return Refusal{400, kBadRequest,
                   "the body is not JSON: " + body.fault->message + " at line " +
                       std::to_string(body.fault->position.line) + ", column " +
                       std::to_string(body.fault->position.column)};
  }
  if (!body.document->root().is(json::Type::object)) {
    return Refusal{400, kValidationFailure, "the body must be an object"};
  }
  return std::nullopt;
}

/// The error for an invalid flow id.
std::optional<Refusal> check_id(json::Value id, const std::string& pointer) {
  if (!id || id.is(json::Type::null)) return Refusal{400, kMissingArguments, pointer + " is required"};
  if (!id.is(json::Type::string)) return Refusal{400, kValidationFailure, pointer + " must be a string"};
  if (is_flow_id(id.string())) return std::nullopt;
  return Refusal{400, kValidationFailure, pointer + " must be 1 to 128 letters, digits, hyphens and underscores"};
}

net::Answer import_flow(const std::string& project_id, json::Value body, Store& store) {
  if (const auto refusal = check_import(body)) return error_answer(*refusal);
  const json::Value flow = body.find("flow");
  store.save(project_id, flow.find("flowId").string(), with_defaults(flow));
  return json_answer("{}");
}

/// The console's shape has no references, so an import without them leaves those of the flow as they are.
net::Answer import_console(const std::string& project_id, const json::DocumentPtr& body, Store& store) {
  if (const auto refusal = check_console_import(body->root())) return error_answer(*refusal);
  const auto read = json::Document::parse(flow_of_console_import(body));
  std::string text(read->root().text());
  const std::string flow_id = read->root().find("flowId").string();
  if (const auto old = store.find(project_id, flow_id); old && !read->root().find("references")) {
    const auto before = json::Document::parse(old->text);
    text = json::with_member(read->root(), "references", before->root().find("references").text());
  }
  const auto flow = json::Document::parse(text);
  if (const auto refusal = check_flow(flow->root(), "/flow")) return error_answer(*refusal);
  store.save(project_id, flow_id, with_defaults(flow->root()));
  return json_answer(console_text(*store.find(project_id, flow_id)));
}

/// `text_of` shows the stored flow as the endpoint does.
template <typename TextOf>
net::Answer export_flow(const std::string& project_id, json::Value body, const Store& store, TextOf text_of) {
  const json::Value id = body.find("flowId");
  if (const auto refusal = check_id(id, "/flowId")) return error_answer(*refusal);
  const auto stored = store.find(project_id, id.string());
  if (!stored) return error_answer({404, kInvalidArguments, "there is no flow " + id.string()});
  return json_answer(text_of(*stored));
}

/// Reads `/ids`, an array of flow ids, into `ids`; the error if it is anything else.
std::optional<Refusal> read_ids(json::Value array, std::vector<std::string>& ids) {
  if (!array.is(json::Type::array)) return Refusal{400, kValidationFailure, "/ids must be an array of strings"};
  for (const json::Value id : array.items()) {
    if (auto refusal = check_id(id, "/ids/" + std::to_string(ids.size()))) return refusal;
    ids.push_back(id.string());
  }
  return std::nullopt;
}

net::Answer list_flows(const std::string& project_id, json::Value body, const Store& store) {
  std::vector<std::string> ids;
  if (const json::Value wanted = body.find("ids"); wanted && !wanted.is(json::Type::null)) {
    if (const auto refusal = read_ids(wanted, ids)) return error_answer(*refusal);
  }
  std::string text = "{\"flows\":[";
  const std::vector<std::string> summaries = store.summaries(project_id, {ids.begin(), ids.end()});
  for (const std::string& summary : summaries) text += (text.back() == '[' ? "" : ",") + summary;
  return json_answer(text + "],\"total\":" + std::to_string(summaries.size()) + "}");
}

net::Answer delete_flows(const std::string& project_id, json::Value body, Store& store) {
  const json::Value ids = body.find("ids");
  if (!ids || ids.is(json::Type::null)) return error_answer({400, kMissingArguments, "/ids is required"});
  std::vector<std::string> wanted;
  if (const auto refusal = read_ids(ids, wanted)) return error_answer(*refusal);
  for (const std::string& id : wanted) {
    if (flow::is_built_in(id)) {
      return error_answer({400, kInvalidArguments, "the flow " + id + " cannot be deleted"});
    }
  }
  for (const std::string& id : wanted) store.remove(project_id, id);
  return json_answer("{}");
}

}  // namespace

const Endpoint* find_endpoint(std::string_view path) {
  const auto* const found =
      std::find_if(kEndpoints.begin(), kEndpoints.end(), [&](const Endpoint& one) { return one.path == path; });
  return found == kEndpoints.end() ? nullptr : found;
}

std::string flows_named_in(const Endpoint& endpoint, const json::ReadResult& body) {
  if (!body.document) return {};
  const json::Value root = body.document->root();
  if (endpoint.kind == Endpoint::Kind::delete_flows) {
    std::string names;
    for (const json::Value id : root.find("ids").items()) {
      if (id.is(json::Type::string)) names += (names.empty() ? "" : ",") + id.string();
    }
    return names;
  }
  if (endpoint.kind == Endpoint::Kind::list_flows) return {};
  const json::Value flow = endpoint.kind == Endpoint::Kind::import_flow ? root.find("flow") : root;
  const json::Value id = flow.find("flowId");
  return id.is(json::Type::string) ? id.string() : std::string();
}

net::Answer serve(const Endpoint& endpoint, const net::IncomingRequest& request, const json::ReadResult& body,
                  const Secret& required_key, Store& store, Exports exports) {
  const auto authorization = parse_authorization(request.headers.find("Authorization").value_or(""));
  if (!authorization) {
    return error_answer({401, kBadRequest, "Authorization must be `Bearer <ProjectId>:<ManagementKey>`"});
  }
  if (!required_key.empty() && authorization->key.reveal() != required_key.reveal()) {
    return error_answer({401, kBadRequest, "the management key is not valid"});
  }
  if (const auto refusal = check_request(endpoint, request, body)) return error_answer(*refusal);
  const std::string& project_id = authorization->project_id;
  const json::Value root = body.document ? body.document->root() : json::Value();
  switch (endpoint.kind) {
    case Endpoint::Kind::import_flow:
      return import_flow(project_id, root, store);
    case Endpoint::Kind::export_flow:
      return export_flow(project_id, root, store, [&](const StoredFlow& stored) {
        const bool is_stale = exports == Exports::previous && !stored.previous.empty();
        return "{\"flow\":" + (is_stale ? stored.previous : stored.text) + "}";
      });
    case Endpoint::Kind::import_console:
      return import_console(project_id, body.document, store);
    case Endpoint::Kind::export_console:
      return export_flow(project_id, root, store, console_text);
    case Endpoint::Kind::list_flows:
      return list_flows(project_id, root, store);
    case Endpoint::Kind::delete_flows:
      return delete_flows(project_id, root, store);
    case Endpoint::Kind::license:
      return json_answer(R"({"rateLimitTier":"tier1"})");
  }
  return error_answer({500, kBadRequest, "no such endpoint"});
}

}  // namespace flowship::sandbox
