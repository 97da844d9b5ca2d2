#include "sandbox/control.hpp"

#include "base/error.hpp"
#include "json/edit.hpp"
#include "sandbox/answers.hpp"
#include "sandbox/authorization.hpp"
#include "sandbox/shape.hpp"

#include <string>

namespace flowship::sandbox {

namespace {

net::Answer wrong_method(const std::string& allowed) {
  net::Answer answer = error_answer({405, kBadRequest, "allowed here: " + allowed});
  answer.headers.add("Allow", allowed);
  return answer;
}

net::Answer no_such_path() { return error_answer({404, kBadRequest, "not found"}); }

net::Answer requests(const net::IncomingRequest& request, RequestLog& log) {
  if (request.method == "GET") return json_answer(log.to_json());
  if (request.method != "DELETE") return wrong_method("GET, DELETE");
  log.clear();
  return json_answer("{}\n");
}

net::Answer all_flows(const net::IncomingRequest& request, const Store& store) {
  if (request.method != "GET") return wrong_method("GET");
  std::string text = "{";
  for (const auto& [project_id, flows] : store.projects()) {
    text += (text.size() > 1 ? ",\n" : "\n") + json::quoted(project_id) + ":[";
    bool first = true;
    for (const auto& [id, stored] : flows) {
      text += (first ? "\n" : ",\n") + std::string("{\"id\":") + json::quoted(id) +
              ",\"versions\":" + std::to_string(stored.version) + ",\"flow\":" + stored.text + "}";
      first = false;
    }
    text += "]";
  }
  return json_answer(text + "\n}\n");
}

net::Answer edit_flow(const net::IncomingRequest& request, const std::string& project_id, const std::string& flow_id,
                      Store& store) {
  const json::ReadResult body = json::Document::read(request.body);
  if (body.fault) return error_answer({400, kBadRequest, "the body is not JSON: " + body.fault->message});
  const json::Value flow = body.document->root();
  if (const auto refusal = check_flow(flow, "")) return error_answer(*refusal);
  if (!flow.find("flowId").is_string(flow_id)) {
    return error_answer({400, kInvalidArguments, "/flowId is not the one in the path"});
  }
  store.save(project_id, flow_id, with_defaults(flow));
  return json_answer("{}\n");
}

net::Answer one_flow(std::string_view path, const net::IncomingRequest& request, Store& store) {
  const auto slash = path.find('/');
  const std::string project_id(path.substr(0, slash));
  const std::string flow_id(slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1));
  if (!is_project_id(project_id) || !is_flow_id(flow_id)) return no_such_path();
  if (request.method == "PUT") return edit_flow(request, project_id, flow_id, store);
  if (request.method != "DELETE") return wrong_method("PUT, DELETE");
  return store.remove(project_id, flow_id) ? json_answer("{}\n") : no_such_path();
}

net::Answer set_faults(const net::IncomingRequest& request, FaultPlayer& faults) {
  if (request.method != "PUT") return wrong_method("PUT");
  const json::ReadResult body = json::Document::read(request.body);
  if (body.fault) return error_answer({400, kBadRequest, "the body is not JSON: " + body.fault->message});
  try {
    faults.set(read_faults(body.document->root()));
  } catch (const Error& error) {
    return error_answer({400, kInvalidArguments, error.message()});
  }
  return json_answer("{}\n");
}

}  // namespace

net::Answer control(std::string_view path, const net::IncomingRequest& request, Store& store, RequestLog& log,
                    FaultPlayer& faults) {
  path.remove_prefix(kControlPrefix.size());
  constexpr std::string_view below_flows = "flows/";
  if (path == "requests") return requests(request, log);
  if (path == "flows") return all_flows(request, store);
  if (path == "faults") return set_faults(request, faults);
  if (path.starts_with(below_flows)) return one_flow(path.substr(below_flows.size()), request, store);
  return no_such_path();
}

}  // namespace flowship::sandbox
