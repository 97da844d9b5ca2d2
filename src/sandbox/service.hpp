#pragma once

#include "json/document.hpp"
#include "net/server.hpp"
#include "sandbox/store.hpp"

#include <string>
#include <string_view>

namespace flowship::sandbox {

/// One of the service's endpoints; all are called by POST.
struct Endpoint {
  enum class Kind { import_flow, export_flow, list_flows, delete_flows };

  Kind kind;
  /// As faults name it: `import`, `export`, `list`, `delete`.
  std::string_view name;
  std::string_view path;
};

/// The endpoint at `path`, or null.
const Endpoint* find_endpoint(std::string_view path);

/// The ids of the flows that a request is about, joined by commas; empty where it names none.
std::string flows_named_in(const Endpoint& endpoint, const json::ReadResult& body);

/// What the service answers: checks authorization, content type and body, and carries the request out. Throws `Error`
/// when the store can't be written.
net::Answer serve(const Endpoint& endpoint, const net::IncomingRequest& request, const json::ReadResult& body,
                  Store& store);

}  // namespace flowship::sandbox
