#include "net/client.hpp"

#include "net/client_session.hpp"
#include "net/tls.hpp"

#include <Poco/String.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <mutex>
#include <utility>
#include <vector>

namespace flowship::net {

namespace {

using Poco::Net::HTTPRequest;
using SessionPtr = std::unique_ptr<ClientSession>;

std::optional<std::string> process_variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

void expect_well_formed(const Request& request) {
  if (!is_token(request.method) || !request.target.starts_with('/') || !is_target(request.target) ||
      !request.headers.well_formed()) {
    throw TransportError("the request has characters that HTTP does not allow",
                         "check the project id and the management key for stray characters", Delivery::not_sent, true);
  }
}

HTTPRequest poco_request(const Request& request, const Url& url) {
  HTTPRequest made(request.method, url.prefix + request.target, HTTPRequest::HTTP_1_1);
  made.setHost(url.host_field());
  for (const auto& [name, value] : request.headers.fields()) {
    // The connection's own; a second, different one would change where the request ends.
    const auto is_own = [&name = name](const std::string& own) { return Poco::icompare(own, name) == 0; };
    const std::array own{HTTPRequest::HOST, HTTPRequest::CONTENT_LENGTH, HTTPRequest::TRANSFER_ENCODING,
                         HTTPRequest::CONNECTION, std::string("Accept-Encoding")};
    if (std::none_of(own.begin(), own.end(), is_own)) made.add(name, value);
  }
  made.set("Accept-Encoding", "identity");
  if (!request.body.empty() || request.method != HTTPRequest::HTTP_GET) {
    made.setContentLength64(static_cast<Poco::Int64>(request.body.size()));
  }
  made.set(HTTPRequest::CONNECTION, "keep-alive");
  return made;
}

}  // namespace

class Client::Pool {
 public:
  explicit Pool(ClientOptions options)
      : options_(std::move(options)),
        url_(parse_base_url(options_.base_url)),
        proxy_(proxy_for(url_, process_variable)) {}

  /// Sends, and tells the observer.
  Response send(const Request& request) {
    const Ticks begin = std::chrono::steady_clock::now();
    Exchange exchange{.method = request.method, .url = options_.base_url + request.target, .error = {}};
    const auto report = [&] {
      exchange.time = std::chrono::steady_clock::now() - begin;
      if (options_.observer) options_.observer(exchange);
    };
    try {
      Response response = send(request, begin);
      exchange.status = response.status;
      report();
      return response;
    } catch (const TransportError& error) {
      exchange.error = error.message();
      report();
      throw;
    }
  }

 private:
  Response send(const Request& request, Ticks begin) {
    expect_well_formed(request);
    const Ticks deadline = begin + options_.request_limit;
    SessionPtr session = take_idle();
    if (!session) {
      const auto socket = connect(url_, proxy_, tls(), std::min(deadline, begin + options_.connect_limit));
      session = std::make_unique<ClientSession>(socket, url_.authority());
    }
    HTTPRequest made = poco_request(request, url_);
    Response response =
        session->exchange(made, request.body, deadline, "--request-timeout", options_.largest_answer);
    if (session->reusable()) {
      const std::lock_guard lock(mutex_);
      idle_.push_back(std::move(session));
    }
    return response;
  }

  /// A connection that is fit for use; those that went stale while idle are dropped.
  SessionPtr take_idle() {
    const std::lock_guard lock(mutex_);
    while (!idle_.empty()) {
      SessionPtr session = std::move(idle_.back());
      idle_.pop_back();
      if (session->reusable()) return session;
    }
    return nullptr;
  }

  /// Null without TLS. Made when it is first needed, since that reads the system's authorities.
  Poco::Net::Context::Ptr tls() {
    const std::lock_guard lock(mutex_);
    if (url_.secure && !tls_) tls_ = client_context(url_.host, options_.ca_file);
    return tls_;
  }

  const ClientOptions options_;
  const Url url_;
  const std::optional<Proxy> proxy_;
  std::mutex mutex_;
  Poco::Net::Context::Ptr tls_;
  std::vector<SessionPtr> idle_;
};

Client::Client(ClientOptions options) : pool_(std::make_unique<Pool>(std::move(options))) {}

Client::~Client() = default;

Response Client::send(const Request& request) { return pool_->send(request); }

}  // namespace flowship::net
