#include "net/client.hpp"

#include "net/client_connection.hpp"
#include "net/header_syntax.hpp"
#include "net/proxy.hpp"
#include "net/tls.hpp"
#include "net/url.hpp"

#include <algorithm>
#include <cstdlib>
#include <mutex>
#include <utility>
#include <vector>

namespace flowship::net {

namespace {

std::optional<std::string> process_variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr) return std::nullopt;
  return value;
}

void expect_well_formed(const Request& request) {
  const auto& fields = request.headers.fields();
  const bool well_formed = is_token(request.method) && request.target.starts_with('/') && is_target(request.target) &&
                           std::all_of(fields.begin(), fields.end(), [](const auto& field) {
                             return is_token(field.first) && is_header_value(field.second);
                           });
  if (!well_formed) {
    throw TransportError("the request has characters that HTTP does not allow",
                         "check the project id and the management key for stray characters", Delivery::not_sent, true);
  }
}

}  // namespace

class Client::Pool {
 public:
  explicit Pool(ClientOptions options)
      : options_(std::move(options)),
        url_(parse_base_url(options_.base_url)),
        proxy_(proxy_for(url_, process_variable)) {}

  Response send(const Request& request) {
    expect_well_formed(request);
    const Ticks begin = std::chrono::steady_clock::now();
    const Ticks deadline = begin + options_.request_limit;
    std::unique_ptr<ClientConnection> connection = take_idle();
    if (!connection) {
      connection =
          std::make_unique<ClientConnection>(url_, proxy_, tls(), std::min(deadline, begin + options_.connect_limit));
    }
    Response response = connection->exchange(request, deadline, options_.largest_answer);
    if (connection->reusable()) put_idle(std::move(connection));
    return response;
  }

 private:
  std::unique_ptr<ClientConnection> take_idle() {
    while (true) {
      std::unique_ptr<ClientConnection> connection;
      {
        const std::lock_guard lock(mutex_);
        if (idle_.empty()) return nullptr;
        connection = std::move(idle_.back());
        idle_.pop_back();
      }
      if (!connection->is_stale()) return connection;
    }
  }

  void put_idle(std::unique_ptr<ClientConnection> connection) {
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(connection));
  }

  TlsContext tls() {
    if (!url_.secure) return nullptr;
    const std::lock_guard lock(mutex_);
    if (tls_) return tls_;
    try {
      tls_ = client_context(url_.host, options_.ca_file);
    } catch (const Error& error) {
      throw TransportError(error.message(), error.hint(), Delivery::not_sent, true);
    }
    return tls_;
  }

  const ClientOptions options_;
  const Url url_;
  const std::optional<Proxy> proxy_;
  std::mutex mutex_;
  TlsContext tls_;
  std::vector<std::unique_ptr<ClientConnection>> idle_;
};

Client::Client(ClientOptions options) : pool_(std::make_unique<Pool>(std::move(options))) {}

Client::~Client() = default;

Response Client::send(const Request& request) { return pool_->send(request); }

}  // namespace flowship::net
