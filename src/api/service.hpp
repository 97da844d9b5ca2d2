#pragma once

#include "api/failure.hpp"
#include "api/retry.hpp"
#include "base/clock.hpp"
#include "base/secret.hpp"
#include "base/stop.hpp"
#include "json/document.hpp"
#include "net/client.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace flowship::api {

/// Who asks: `Authorization: Bearer <project_id>:<key>`.
struct Credentials {
  std::string project_id;
  Secret key;
};

/// How a call ended, after all its tries.
struct Outcome {
  /// Requests of its own kind that were sent; 0 when none was.
  int attempts = 0;
  /// Nothing when it succeeded.
  std::optional<Failure> failure;
  std::string body;

  bool ok() const { return !failure; }
};

/// What an export gave.
struct Exported {
  Outcome outcome;
  /// The answer's document and the flow in it; absent where the service has no such flow, or the call failed.
  json::DocumentPtr document;
  json::Value flow;

  bool absent() const { return outcome.ok() && !flow; }
};

struct Listed {
  Outcome outcome;
  std::vector<std::string> flow_ids;
};

struct ServiceOptions {
  net::ClientOptions http;
  Credentials credentials;
  RetryLimits retry;
  /// Hears why a pause is made, from any thread; may be empty.
  std::function<void(const std::string&)> on_pause;
};

/// Whether a request whose answer was lost has taken effect; nothing when that can't be told.
using HasArrived = std::function<std::optional<bool>()>;

/// The management API, as far as flows go, with retries: an answer of 429 holds up every thread that uses the object,
/// and a request whose answer was lost is only sent again after `HasArrived` said that it had no effect. Thread-safe.
class Service {
 public:
  Service(ServiceOptions options, const Clock& clock, const StopSignal& stop);
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  /// `body` is a whole import request.
  Outcome import_flow(const std::string& body, const HasArrived& has_arrived);
  /// What is asked once a stop was requested: what became of a request still is, once, anything else is not.
  enum class AfterStop { ask, leave };
  Exported export_flow(const std::string& flow_id, AfterStop after_stop = AfterStop::ask);
  Listed list_flows();
  /// Where an answer was lost, it is asked whether the flow is gone before the request is sent again.
  Outcome delete_flow(const std::string& flow_id);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// The address that a project's id stands for: its region's, or `https://api.descope.com`.
std::string default_base_url(const std::string& project_id);

}  // namespace flowship::api
