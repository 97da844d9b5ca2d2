#pragma once

#include "base/stop.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace flowship::net {

/// Header fields in order; names are compared without case.
class Headers {
 public:
  void add(std::string name, std::string value) { fields_.emplace_back(std::move(name), std::move(value)); }
  /// The first field of that name.
  std::optional<std::string> find(std::string_view name) const;
  const std::vector<std::pair<std::string, std::string>>& fields() const { return fields_; }
  /// Whether every name is a token and no value has a control character: a line break in a value starts a new field.
  bool well_formed() const;

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

struct Request {
  std::string method = "GET";
  /// Path and query, as in the request line: `/v2/mgmt/flow/import`.
  std::string target = "/";
  Headers headers;
  std::string body;
  /// A client waits for the answer only until that stop, which outlives the call; null: whatever stops.
  const StopSignal* until = nullptr;
};

struct Response {
  int status = 200;
  Headers headers;
  std::string body;
};

/// Whether `text` is a token of RFC 9110: what methods and field names are made of.
bool is_token(std::string_view text);

/// Whether `text` is visible ASCII only, as a request target has to be.
bool is_target(std::string_view text);

/// The status for a message; for a redirect, which is never followed, with where it points.
std::string describe_status(const Response& response);

}  // namespace flowship::net
