#include "api/service.hpp"

#include "api/flow_list.hpp"
#include "api/pacer.hpp"
#include "base/error.hpp"
#include "base/trace.hpp"
#include "base/version.hpp"
#include "json/edit.hpp"

#include <algorithm>
#include <random>
#include <utility>

namespace flowship::api {

namespace {

constexpr const char* kImport = "/v2/mgmt/flow/import";
constexpr const char* kExport = "/v2/mgmt/flow/export";
constexpr const char* kList = "/v1/mgmt/flow/list";
constexpr const char* kDelete = "/v1/mgmt/flow/delete";

}  // namespace

class Service::Impl {
 public:
  Impl(ServiceOptions options, const Clock& clock, const StopSignal& stop)
      : options_(std::move(options)), clock_(clock), stop_(stop), pacer_(clock), client_(options_.http) {}

  /// How a call handles failures.
  struct Care {
    /// Called before a request whose response was lost is sent again; null if sending it twice does no harm.
    const HasArrived* has_arrived = nullptr;
    bool even_when_stopped = false;
  };

  Outcome call(const char* target, const std::string& body, Care care) {
    Outcome outcome;
    Tries tries;
    while (true) {
      if (!pacer_.wait(stop_) && !(care.even_when_stopped && outcome.attempts == 0)) {
        if (!outcome.failure) outcome.failure = stopped_failure();
        return outcome;
      }
      ++outcome.attempts;
      const Attempt attempt = send_once(target, body, outcome);
      if (outcome.ok()) return outcome;
      const bool unsure = outcome.failure->kind == Failure::Kind::unknown && care.has_arrived != nullptr;
      tries.counted += counts(attempt) ? 1 : 0;
      const bool again = pause_after(attempt, tries, *outcome.failure);
      if (unsure) {
        switch ((*care.has_arrived)()) {
          case Arrival::arrived:
            outcome.failure.reset();
            return outcome;
          case Arrival::unknown:
            outcome.failure->message += "; flowship could not find out whether it took effect";
            outcome.failure->hint = "run the same command again: it first asks the service";
            return outcome;
          case Arrival::superseded:
            outcome.failure->message += "; the service now holds another version";
            outcome.failure->kind = Failure::Kind::superseded;
            return outcome;
          case Arrival::not_arrived:
            break;
        }
        outcome.failure->kind = Failure::Kind::unreachable;
      }
      if (!again) return outcome;
    }
  }

 private:
  /// Sends once. Sets body or failure of `outcome`, and returns what the retry decision needs.
  Attempt send_once(const char* target, const std::string& body, Outcome& outcome) {
    const Secret& key = options_.credentials.key;
    const TracedEvent event("http");
    const auto traced = [&](const std::string& result) {
      if (is_tracing()) event.end(std::string("POST ").append(target), result);
    };
    try {
      net::Response response = client_.send(request(target, body));
      traced(std::to_string(response.status));
      if (response.status == 200 && !has_error_code(response.body)) {
        outcome.failure.reset();
        outcome.body = std::move(response.body);
        return {.status = 200, .asked = {}};
      }
      outcome.failure = failure_of(response, key);
      const std::string retry_after = response.headers.find("Retry-After").value_or("");
      const int status = outcome.failure->code == kRateLimitCode ? 429 : response.status;
      return {.status = status, .asked = parse_retry_after(retry_after, clock_.now())};
    } catch (const net::TransportError& error) {
      traced(error.message());
      outcome.failure = failure_of(error);
      return {.status = {}, .asked = {}, .lasting = error.lasting()};
    }
  }

  net::Request request(const char* target, const std::string& body) const {
    const Credentials& credentials = options_.credentials;
    net::Request request;
    request.method = "POST";
    request.target = target;
    request.headers.add("Authorization", "Bearer " + credentials.project_id + ":" + credentials.key.reveal());
    request.headers.add("Content-Type", "application/json");
    request.headers.add("Accept", "application/json");
    request.headers.add("User-Agent", "flowship/" + std::string(version()));
    request.headers.add("x-descope-sdk-name", "flowship");
    request.headers.add("x-descope-sdk-version", std::string(version()));
    request.headers.add("x-descope-project-id", credentials.project_id);
    request.body = body;
    return request;
  }

  /// Pauses as decided; false if there is no further attempt.
  bool pause_after(const Attempt& attempt, Tries& tries, Failure& failure) {
    const RetryDecision decision = decide(attempt, tries, jitter(), options_.retry);
    if (!decision.reason.empty()) failure.message += " (" + decision.reason + ")";
    if (!decision.again) return false;
    if (options_.on_pause) options_.on_pause(failure.message);
    if (is_tracing()) trace("retry", "in " + std::to_string(decision.pause.count()) + " ms: " + failure.message);
    const Ticks until = clock_.ticks() + decision.pause;
    if (decision.for_everyone) {
      tries.waited += decision.pause;
      pacer_.hold_until(until);
      return pacer_.wait(stop_);
    }
    return clock_.sleep_until(until, stop_);
  }

  static double jitter() {
    thread_local std::minstd_rand generator{std::random_device{}()};
    return std::uniform_real_distribution<double>(0.0, 1.0)(generator);
  }

  const ServiceOptions options_;
  const Clock& clock_;
  const StopSignal& stop_;
  Pacer pacer_;
  net::Client client_;
};

Service::Service(ServiceOptions options, const Clock& clock, const StopSignal& stop)
    : impl_(std::make_unique<Impl>(std::move(options), clock, stop)) {}

Service::~Service() = default;

Outcome Service::import_flow(const std::string& body, const HasArrived& has_arrived) {
  Outcome outcome = impl_->call(kImport, body, {.has_arrived = has_arrived ? &has_arrived : nullptr});
  // The log-in page of a network responds with 200 too, but not in JSON.
  if (outcome.ok() && !outcome.body.empty() && !json::Document::read(outcome.body).document) {
    outcome.failure = unreadable_answer("it is not JSON");
    outcome.failure->kind = Failure::Kind::unknown;
  }
  return outcome;
}

Exported Service::export_flow(const std::string& flow_id, AfterStop after_stop) {
  Exported exported;
  exported.outcome = impl_->call(kExport, "{\"flowId\":" + json::quoted(flow_id) + "}",
                                 {.even_when_stopped = after_stop == AfterStop::ask});
  if (!exported.outcome.ok()) return exported;
  const json::ReadResult answer = json::Document::read(exported.outcome.body, "the export of " + flow_id);
  if (!answer.document) {
    exported.outcome.failure = unreadable_answer(answer.fault->message);
    return exported;
  }
  exported.document = answer.document;
  exported.flow = answer.document->root().find("flow");
  if (!exported.flow.is(json::Type::object)) {
    exported.flow = {};
    exported.outcome.failure = unreadable_answer("it has no `flow` object");
  }
  return exported;
}

Listed Service::list_flows(AfterStop after_stop) {
  Outcome outcome = impl_->call(kList, "{}", {.even_when_stopped = after_stop == AfterStop::ask});
  return read_list(std::move(outcome));
}

Outcome Service::delete_flow(const std::string& flow_id) {
  // Only the list says whether a flow exists.
  const HasArrived is_gone = [&] {
    const Listed listed = list_flows(AfterStop::ask);
    if (!listed.outcome.ok()) return Arrival::unknown;
    const bool is_there = std::any_of(listed.flows.begin(), listed.flows.end(),
                                      [&](const ListedFlow& flow) { return flow.id == flow_id; });
    return is_there ? Arrival::not_arrived : Arrival::arrived;
  };
  return impl_->call(kDelete, "{\"ids\":[" + json::quoted(flow_id) + "]}", {.has_arrived = &is_gone});
}

std::string default_base_url(const std::string& project_id) {
  constexpr std::size_t kShortestWithRegion = 32;
  constexpr std::size_t kRegionLength = 4;
  if (project_id.size() < kShortestWithRegion) return "https://api.descope.com";
  return "https://api." + project_id.substr(1, kRegionLength) + ".descope.com";
}

}  // namespace flowship::api
