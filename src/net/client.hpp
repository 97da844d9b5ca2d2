#pragma once

#include "base/error.hpp"
#include "net/message.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

namespace flowship::net {

/// Whether the other side may have acted on a request that got no answer.
enum class Delivery { not_sent, unknown };

/// A request that got no complete answer.
class TransportError : public Error {
 public:
  /// `lasting`: trying again cannot help (a certificate that is not trusted, an address that is malformed).
  TransportError(std::string message, std::string hint, Delivery delivery, bool lasting)
      : Error(std::move(message), std::move(hint)), delivery_(delivery), lasting_(lasting) {}
  Delivery delivery() const { return delivery_; }
  bool lasting() const { return lasting_; }

 private:
  Delivery delivery_;
  bool lasting_;
};

struct ClientOptions {
  /// Scheme, host and, where needed, port: `https://api.descope.com`. Plain `http` is refused except to loopback.
  std::string base_url;
  /// Connect timeout, including look-up and TLS handshake, for all addresses of the name together.
  std::chrono::milliseconds connect_limit{10'000};
  /// From the start of a request to the last byte of its answer, connecting included.
  std::chrono::milliseconds request_limit{60'000};
  /// A PEM file of certificate authorities to trust besides the system's own; empty for none.
  std::string ca_file;
  /// Maximum size of an answer's body, in bytes.
  std::size_t largest_answer = 64U << 20U;
};

/// An HTTP/1.1 client of one server: connections are kept alive and reused, as many as requests run at a time. Honours
/// HTTPS_PROXY and NO_PROXY (either case). Never follows a redirect. Thread-safe.
class Client {
 public:
  /// Throws `Error` (usage) when the base address is malformed or plain http to another machine, before anything is
  /// sent.
  explicit Client(ClientOptions options);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// Sends once, and waits for the whole answer; `Host`, `Content-Length` and `Connection` are added. A connection that
  /// went stale while idle is replaced without a second send. Throws `TransportError`.
  Response send(const Request& request);
  /// Breaks off the requests in flight, and refuses all others from now on.
  void cut();

 private:
  class Pool;
  std::unique_ptr<Pool> pool_;
};

}  // namespace flowship::net
