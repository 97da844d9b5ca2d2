#include "sandbox/sandbox.hpp"

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/stop.hpp"
#include "sandbox/answers.hpp"
#include "sandbox/control.hpp"
#include "sandbox/requests.hpp"
#include "sandbox/service.hpp"
#include "sandbox/store.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <utility>

namespace flowship::sandbox {

namespace {

/// Longer than any client waits; then a hanging request releases its thread.
constexpr std::chrono::minutes kLongestHang{10};
constexpr std::chrono::seconds kStopGrace{5};

net::ServerOptions server_options(const Options& options) {
  net::ServerOptions server;
  server.address = options.address;
  server.port = options.port;
  server.certificate_file = options.certificate_file;
  server.key_file = options.key_file;
  server.refusal = [](int status, const std::string& reason) { return error_answer({status, kBadRequest, reason}); };
  return server;
}

net::Answer dropped() {
  net::Answer answer;
  answer.drop = true;
  return answer;
}

net::Answer refused(int status, const std::string& why, std::optional<int> retry_after) {
  net::Answer answer = error_answer({status, status == 429 ? kRateLimitExceeded : kBadRequest, why});
  if (retry_after) answer.headers.add("Retry-After", std::to_string(*retry_after));
  return answer;
}

}  // namespace

class Sandbox::Impl {
 public:
  explicit Impl(const Options& options)
      : store_(options.data, options.list_format),
        faults_(options.faults),
        required_key_(options.required_key),
        on_served_(options.on_served),
        server_(server_options(options), [this](const auto& request) { return answer(request); }) {}

  ~Impl() { stop_.request(); }

  const net::Server& server() const { return server_; }

  void stop() {
    stop_.request();
    server_.stop(kStopGrace);
  }

 private:
  net::Answer answer(const net::IncomingRequest& request);
  net::Answer service(std::string_view path, const net::IncomingRequest& request, std::int64_t number,
                      std::string& flow);
  net::Answer play(const Play& play, const Endpoint& endpoint, const net::IncomingRequest& request,
                   const json::ReadResult& body);

  StopSignal stop_;
  Store store_;
  RequestLog log_;
  FaultPlayer faults_;
  const Secret required_key_;
  const std::function<void(const Served&)> on_served_;
  // The last member, so that it is destroyed before what its handlers use.
  net::Server server_;
};

net::Answer Sandbox::Impl::answer(const net::IncomingRequest& request) {
  const std::string_view path = std::string_view(request.target).substr(0, request.target.find('?'));
  const Ticks start = system_clock().ticks();
  std::int64_t number = 0;
  std::string flow;
  net::Answer answer;
  try {
    if (path.starts_with(kControlPrefix)) return control(path, request, store_, log_, faults_);
    number = log_.add(request);
    answer = service(path, request, number, flow);
  } catch (const std::exception& error) {
    // Most likely the disk. What was stored before is unchanged.
    answer = error_answer({500, kBadRequest, error.what()});
  }
  const int status = answer.drop ? 0 : answer.status;
  if (!answer.drop) log_.set_status(number, status);
  if (on_served_) {
    on_served_({.method = request.method,
                .path = without_key(request, std::string(path)),
                .flow = without_key(request, flow),
                .status = status,
                .took = std::chrono::duration_cast<std::chrono::milliseconds>(system_clock().ticks() - start)});
  }
  return answer;
}

net::Answer Sandbox::Impl::service(std::string_view path, const net::IncomingRequest& request, std::int64_t number,
                                   std::string& flow) {
  const Endpoint* const endpoint = find_endpoint(path);
  if (endpoint == nullptr) return error_answer({404, kBadRequest, "not found"});
  if (request.method != endpoint->method) {
    const std::string allowed(endpoint->method);
    net::Answer refusal = error_answer({405, kBadRequest, "allowed here: " + allowed});
    refusal.headers.add("Allow", allowed);
    return refusal;
  }
  const json::ReadResult body = json::Document::read(request.body);
  flow = flows_named_in(*endpoint, body);
  log_.set_flow(number, flow);
  return play(faults_.next(endpoint->name, system_clock().ticks()), *endpoint, request, body);
}

net::Answer Sandbox::Impl::play(const Play& play, const Endpoint& endpoint, const net::IncomingRequest& request,
                                const json::ReadResult& body) {
  if (play.latency.count() > 0) stop_.sleep_until(system_clock().ticks() + play.latency);
  switch (play.kind) {
    case Play::Kind::none:
      return serve(endpoint, request, body, required_key_, store_);
    case Play::Kind::rate_limit:
      return refused(429, "too many requests", play.retry_after);
    case Play::Kind::fail:
      return refused(play.status, "simulated failure", play.retry_after);
    case Play::Kind::drop:
      return dropped();
    case Play::Kind::drop_after:
      serve(endpoint, request, body, required_key_, store_);
      return dropped();
    case Play::Kind::lie:
      return json_answer("{}");
    case Play::Kind::stale:
      return serve(endpoint, request, body, required_key_, store_, Exports::previous);
    case Play::Kind::hang_after:
      serve(endpoint, request, body, required_key_, store_);
      stop_.sleep_until(system_clock().ticks() + kLongestHang);
      return dropped();
    case Play::Kind::hang:
      stop_.sleep_until(system_clock().ticks() + kLongestHang);
      return dropped();
  }
  return dropped();
}

Sandbox::Sandbox(const Options& options) : impl_(std::make_unique<Impl>(options)) {}
Sandbox::~Sandbox() = default;

std::string Sandbox::url() const { return impl_->server().url(); }
std::uint16_t Sandbox::port() const { return impl_->server().port(); }
void Sandbox::stop() { impl_->stop(); }

}  // namespace flowship::sandbox
