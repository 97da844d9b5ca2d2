#pragma once

#include "base/secret.hpp"
#include "json/document.hpp"
#include "net/server.hpp"
#include "sandbox/store.hpp"

#include <string>
#include <string_view>

namespace flowship::sandbox {

/// An endpoint of the service.
struct Endpoint {
  enum class Kind { import_flow, export_flow, import_console, export_console, list_flows, delete_flows, license };

  Kind kind;
  /// Its name for faults: `import`, `export`, `list`, `delete`, `license`.
  std::string_view name;
  std::string_view path;
  std::string_view method = "POST";
};

/// The endpoint at `path`, or null.
const Endpoint* find_endpoint(std::string_view path);

/// The flow ids in a request, joined by commas; may be empty.
std::string flows_named_in(const Endpoint& endpoint, const json::ReadResult& body);

/// Which version exports answer with.
enum class Exports { current, previous };

/// Processes a request: checks authorization, content type and body, then carries it out. `required_key` is the only
/// key that is accepted; empty: any is. Throws `Error` if the store can't be written.
net::Answer serve(const Endpoint& endpoint, const net::IncomingRequest& request, const json::ReadResult& body,
                  const Secret& required_key, Store& store, Exports exports = Exports::current);

}  // namespace flowship::sandbox
