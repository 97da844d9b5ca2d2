#pragma once

#include "api/address.hpp"
#include "api/credentials.hpp"
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

/// The result of a call after all its attempts.
struct Outcome {
  /// How many requests were sent, not counting those of `HasArrived`.
  int attempts = 0;
  /// Nothing if it succeeded.
  std::optional<Failure> failure;
  std::string body;

  bool ok() const { return !failure; }
};

/// The result of an export.
struct Exported {
  Outcome outcome;
  /// The response and the flow in it; absent if the call failed.
  json::DocumentPtr document;
  json::Value flow;
};

/// What a list says about the current version of a flow. Equal tags mean the same version.
struct FlowTag {
  /// As in the list, numbers as their digits; nothing if it has none.
  std::optional<std::string> version;
  std::optional<std::string> etag;
  std::optional<std::string> modified_time;

  friend bool operator==(const FlowTag&, const FlowTag&) = default;
};

struct ListedFlow {
  std::string id;
  /// Nothing if the list has neither `version` nor `etag` of the flow.
  std::optional<FlowTag> tag;
};

/// All flows of the project; an incomplete list is a failure.
struct Listed {
  Outcome outcome;
  std::vector<ListedFlow> flows;
};

struct ServiceOptions {
  net::ClientOptions http;
  Credentials credentials;
  RetryLimits retry;
  /// Called with what is told of each pause, from any thread; may be empty.
  std::function<void(const std::string&)> on_pause;
  /// What is shared with other services of the process; null: nothing.
  std::shared_ptr<Address> address;
  Urgency urgency = Urgency::deployment;
};

/// What became of a request whose response was lost, by what the service holds now.
enum class Arrival {
  arrived,
  not_arrived,  ///< the service holds what it held before
  superseded,   ///< it holds a third version
  unknown,      ///< that can't be found out
};
using HasArrived = std::function<Arrival()>;

/// The management API for flows, with retries: after a 429 all calls to the address wait (see `RateBudget`), and a
/// request whose response was lost is sent again only if `HasArrived` says that it had no effect. Once a call was given
/// up because of the rate limit, all others fail at once. Before the first call, the service is asked for the license,
/// once for a key in the process. Thread-safe.
class Service {
 public:
  Service(ServiceOptions options, const Clock& clock, const StopSignal& stop);
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  /// Asked before each request, from any thread: why it must not be sent; empty where it may. To be set while no call
  /// is running.
  using Gate = std::function<std::string()>;
  void set_gate(Gate why_not);
  /// Breaks off the requests in flight, and sends none from now on.
  void cut();
  bool is_cut() const;

  /// `body` is a whole import request; `changelog` is the note of the version that it makes, or empty. A service that
  /// refuses the note is asked again without it, and gets none from then on.
  Outcome import_flow(const std::string& body, const HasArrived& has_arrived, const std::string& changelog = {});
  /// Whether to send a request after a stop: to find out what became of an earlier one, once; nothing else. With
  /// `leave` a stop also ends waiting for the answer.
  enum class AfterStop { ask, leave };
  Exported export_flow(const std::string& flow_id, AfterStop after_stop = AfterStop::ask);
  Listed list_flows(AfterStop after_stop = AfterStop::leave);
  /// If the response was lost, checks whether the flow is gone before sending the request again.
  Outcome delete_flow(const std::string& flow_id);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// The base URL for a project id: that of its region, or `https://api.descope.com`.
std::string default_base_url(const std::string& project_id);

}  // namespace flowship::api
