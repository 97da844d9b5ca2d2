#pragma once

#include "json/document.hpp"
#include "net/client.hpp"
#include "sandbox/sandbox.hpp"

#include <chrono>
#include <string>
#include <utility>

namespace flowship::sandbox {

/// Calls a sandbox as the service's clients do.
class Caller {
 public:
  explicit Caller(const Sandbox& sandbox, std::chrono::milliseconds limit = std::chrono::seconds(30))
      : client_(options(sandbox, limit)) {}

  std::string authorization = "Bearer P2project:K2testingkey";
  std::string content_type = "application/json";

  net::Response send(const std::string& method, const std::string& target, std::string body = {}) {
    net::Request request;
    request.method = method;
    request.target = target;
    request.body = std::move(body);
    if (!authorization.empty()) request.headers.add("Authorization", authorization);
    if (!content_type.empty()) request.headers.add("Content-Type", content_type);
    return client_.send(request);
  }

  net::Response import_flow(const std::string& flow) {
    return send("POST", "/v2/mgmt/flow/import", "{\"flow\":" + flow + "}");
  }
  net::Response export_flow(const std::string& id) {
    return send("POST", "/v2/mgmt/flow/export", "{\"flowId\":\"" + id + "\"}");
  }
  net::Response list() { return send("POST", "/v1/mgmt/flow/list", "{}"); }
  net::Response remove(const std::string& ids) { return send("POST", "/v1/mgmt/flow/delete", "{\"ids\":" + ids + "}"); }
  net::Response set_faults(const std::string& faults) { return send("PUT", "/_sandbox/faults", faults); }

 private:
  static net::ClientOptions options(const Sandbox& sandbox, std::chrono::milliseconds limit) {
    net::ClientOptions options;
    options.base_url = sandbox.url();
    options.request_limit = limit;
    return options;
  }

  net::Client client_;
};

inline std::string error_code(const net::Response& response) {
  const auto document = json::Document::parse(response.body);
  const json::Value code = document->root().find("errorCode");
  return code ? code.string() : "";
}

}  // namespace flowship::sandbox
