#include "api/service.hpp"

#include "api/flow_list.hpp"
#include "api/license.hpp"
#include "api/requests.hpp"
#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/text/letter_case.hpp"
#include "base/trace.hpp"
#include "json/edit.hpp"

#include <algorithm>
#include <atomic>
#include <random>
#include <utility>

namespace flowship::api {

namespace {

constexpr const char* kImport = "/v2/mgmt/flow/import";
constexpr const char* kExport = "/v2/mgmt/flow/export";
constexpr const char* kList = "/v1/mgmt/flow/list";
constexpr const char* kDelete = "/v1/mgmt/flow/delete";

/// The import request with a note.
std::string with_changelog(const std::string& body, const std::string& changelog) {
  const json::DocumentPtr document = json::Document::parse(body);
  return json::with_member(document->root(), "changelog", json::quoted(changelog));
}

/// Whether the service knows no `changelog`: a 400 that names it, or that an unknown member is the reason.
bool refuses_changelog(const Outcome& outcome) {
  if (outcome.ok() || outcome.failure->status != 400) return false;
  const std::string text = lower_case(outcome.failure->description + " " + outcome.failure->detail);
  return text.find("changelog") != std::string::npos || text.find("unknown field") != std::string::npos ||
         text.find("unknown member") != std::string::npos;
}

}  // namespace

class Service::Impl {
 public:
  Impl(ServiceOptions options, const Clock& clock, const StopSignal& stop)
      : options_(with_address(std::move(options))),
        address_(*options_.address),
        clock_(clock),
        stop_(stop),
        client_(options_.http) {}

  Address& address() const { return address_; }
  void set_gate(Gate why_not) { why_not_ = std::move(why_not); }
  void cut() {
    is_cut_ = true;
    client_.cut();
  }
  bool is_cut() const { return is_cut_; }

  /// How a call handles failures.
  struct Care {
    /// Called before a request whose response was lost is sent again; null if sending it twice does no harm.
    const HasArrived* has_arrived = nullptr;
    bool even_when_stopped = false;
    /// It changes nothing, so that a stop need not wait for its answer.
    bool ends_at_stop = false;
  };

  Outcome call(const char* target, const std::string& body, Care care) {
    Outcome outcome;
    History history;
    while (true) {
      std::optional<Address::Ticket> ticket = next_turn(outcome);
      if (!ticket && !outcome.failure && care.even_when_stopped) ticket = address_.force_turn(clock_.ticks());
      if (!ticket) {
        if (!outcome.failure) outcome.failure = stopped_failure();
        return outcome;
      }
      net::Request request = request_of(target, body);
      if (care.ends_at_stop) request.until = &stop_;
      const std::string why = why_not_ ? why_not_() : std::string();
      // Asking for the license or for the lease may have taken long.
      if (!why.empty() || (stop_.requested() && !care.even_when_stopped)) {
        address_.unanswered(*ticket, clock_.ticks());
        if (!outcome.failure) outcome.failure = stopped_failure();
        if (!why.empty()) outcome.failure->message = why;
        return outcome;
      }
      ++outcome.attempts;
      const Attempt attempt = send_once(target, request, outcome);
      const std::optional<RateBudget::Pause> pause = end_turn(*ticket, attempt);
      if (outcome.ok()) return outcome;
      const bool unsure = outcome.failure->kind == Failure::Kind::unknown && care.has_arrived != nullptr;
      const bool again = pause_after(attempt, pause, history, *outcome.failure);
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

  static Care care_of_read(AfterStop after_stop) {
    return {.even_when_stopped = after_stop == AfterStop::ask, .ends_at_stop = after_stop == AfterStop::leave};
  }

 private:
  /// Sends once. Sets body or failure of `outcome`, and returns what the retry decision needs.
  Attempt send_once(const char* target, const net::Request& request, Outcome& outcome) {
    const Secret& key = options_.credentials.key;
    const TracedEvent event("http");
    const auto traced = [&](const std::string& result) {
      if (is_tracing()) event.end(std::string("POST ").append(target), result);
    };
    try {
      net::Response response = client_.send(request);
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

  net::Request request_of(const char* target, const std::string& body) {
    net::Request request = request_with(options_.credentials, "POST", target);
    request.headers.add("Content-Type", "application/json");
    if (const std::string tier = license(); !tier.empty()) request.headers.add("x-descope-license", tier);
    request.body = body;
    return request;
  }

  /// What happened to the attempts of one call.
  struct History {
    Tries tries;
    std::optional<Ticks> first_refused;
  };

  /// Waits until the call may be sent; otherwise nothing, with a failure if that is not a stop.
  std::optional<Address::Ticket> next_turn(Outcome& outcome) {
    if (gave_up_) {
      if (!outcome.failure) outcome.failure = rate_limit_failure();
      return std::nullopt;
    }
    if (options_.urgency == Urgency::deployment) return address_.wait_for_turn(clock_, stop_, options_.urgency);
    return address_.wait_for_turn(clock_, stop_, options_.urgency, [this] { tell("deployments go first"); });
  }

  std::optional<RateBudget::Pause> end_turn(const Address::Ticket& ticket, const Attempt& attempt) {
    const Ticks now = clock_.ticks();
    if (attempt.status == 429) return address_.refused(ticket, now, attempt.asked);
    if (attempt.status) {
      address_.let_through(ticket, now);
    } else {
      address_.unanswered(ticket, now);
    }
    return std::nullopt;
  }

  /// Pauses as decided; false if there is no further attempt. `pause` is what the rate budget has decided.
  bool pause_after(const Attempt& attempt, const std::optional<RateBudget::Pause>& pause, History& history,
                   Failure& failure) {
    Tries& tries = history.tries;
    tries.counted += counts(attempt) ? 1 : 0;
    const Ticks now = clock_.ticks();
    if (attempt.status == 429) {
      if (!history.first_refused) history.first_refused = now;
      const Ticks::duration waited = std::min(now - *history.first_refused, address_.refusing(now));
      tries.waited = std::chrono::duration_cast<std::chrono::milliseconds>(waited);
    }
    const RetryDecision decision = decide(attempt, tries, jitter(), options_.retry);
    if (!decision.reason.empty()) failure.message += " (" + decision.reason + ")";
    if (!decision.again) {
      if (attempt.status == 429) gave_up_ = true;
      return false;
    }
    if (stop_.requested()) return false;
    if (attempt.status == 429) {
      // The next turn comes when the pause is over.
      if (pause) tell(describe_rate_pause(pause->length, pause->number, attempt, tries, options_.retry));
      return true;
    }
    tell(describe_pause(failure.message, decision.pause, tries, options_.retry));
    if (decision.for_everyone) {
      tries.waited += decision.pause;
      address_.hold_until(now + decision.pause);
      return true;
    }
    return clock_.sleep_until(now + decision.pause, stop_);
  }

  void tell(const std::string& pause) const {
    if (options_.on_pause) options_.on_pause(pause);
    if (is_tracing()) trace("retry", pause);
  }

  std::string license() {
    const Credentials& credentials = options_.credentials;
    return address_.license(sha256_hex(credentials.project_id + ":" + credentials.key.reveal()),
                            [this]() -> std::optional<std::string> {
                              if (stop_.requested()) return std::nullopt;
                              return ask_for_license(options_.http, options_.credentials, address_, clock_, stop_);
                            });
  }

  static double jitter() {
    thread_local std::minstd_rand generator{std::random_device{}()};
    return std::uniform_real_distribution<double>(0.0, 1.0)(generator);
  }

  static ServiceOptions with_address(ServiceOptions options) {
    if (options.address == nullptr) options.address = std::make_shared<Address>();
    return options;
  }

  const ServiceOptions options_;
  Address& address_;
  const Clock& clock_;
  const StopSignal& stop_;
  net::Client client_;
  Gate why_not_;
  std::atomic<bool> is_cut_ = false;
  std::atomic<bool> gave_up_ = false;
};

Service::Service(ServiceOptions options, const Clock& clock, const StopSignal& stop)
    : impl_(std::make_unique<Impl>(std::move(options), clock, stop)) {}

Service::~Service() = default;

void Service::set_gate(Gate why_not) { impl_->set_gate(std::move(why_not)); }

void Service::cut() { impl_->cut(); }

bool Service::is_cut() const { return impl_->is_cut(); }

Outcome Service::import_flow(const std::string& body, const HasArrived& has_arrived, const std::string& changelog) {
  const Impl::Care care{.has_arrived = has_arrived ? &has_arrived : nullptr};
  const bool with_note = !changelog.empty() && impl_->address().accepts_changelog();
  Outcome outcome = impl_->call(kImport, with_note ? with_changelog(body, changelog) : body, care);
  if (with_note && refuses_changelog(outcome)) {
    impl_->address().set_refuses_changelog();
    const int attempts = outcome.attempts;
    outcome = impl_->call(kImport, body, care);
    outcome.attempts += attempts;
  }
  // The log-in page of a network responds with 200 too, but not in JSON.
  if (outcome.ok() && !outcome.body.empty() && !json::Document::read(outcome.body).document) {
    outcome.failure = unreadable_answer("it is not JSON");
    outcome.failure->kind = Failure::Kind::unknown;
  }
  return outcome;
}

Exported Service::export_flow(const std::string& flow_id, AfterStop after_stop) {
  Exported exported;
  exported.outcome = impl_->call(kExport, "{\"flowId\":" + json::quoted(flow_id) + "}", Impl::care_of_read(after_stop));
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
  Outcome outcome = impl_->call(kList, "{}", Impl::care_of_read(after_stop));
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
