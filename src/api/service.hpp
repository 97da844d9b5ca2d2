#pragma once

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

/// Why a call did not do what it was to do.
struct Failure {
  enum class Kind {
    refused,      ///< the service's own answer: the request is wrong, or it failed for good
    credentials,  ///< 401 or 403: nothing else will work either
    unreachable,  ///< no answer, and the request certainly had no effect
    unknown,      ///< no answer, and the request may have had an effect
    stopped,      ///< a stop was requested before it was sent
  };
  Kind kind = Kind::refused;
  /// The answer's status; 0 without an answer.
  int status = 0;
  /// The service's `errorCode`, `errorDescription` and `errorMessage`, as far as it gave them.
  std::string code;
  std::string description;
  std::string detail;
  /// What to tell people: all of the above in one sentence.
  std::string message;
  std::string hint;
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
  Exported export_flow(const std::string& flow_id);
  Listed list_flows();
  Outcome delete_flow(const std::string& flow_id);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// The address that a project's id stands for: its region's, or `https://api.descope.com`.
std::string default_base_url(const std::string& project_id);

}  // namespace flowship::api
