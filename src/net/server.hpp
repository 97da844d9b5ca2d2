#pragma once

#include "net/message.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace flowship::net {

/// A request as a server got it.
struct IncomingRequest : Request {
  /// The peer's address, without port.
  std::string peer;
};

/// What a handler answers. `drop` closes the connection without an answer.
struct Answer : Response {
  bool drop = false;
};

struct ServerOptions {
  std::string address = "127.0.0.1";
  /// 0 takes a free one.
  std::uint16_t port = 0;
  /// PEM files; both or none. With them the server speaks HTTPS.
  std::string certificate_file;
  std::string key_file;
  /// From the connection to the end of the header.
  std::chrono::milliseconds header_limit{10'000};
  std::chrono::milliseconds body_limit{30'000};
  std::size_t largest_header = 64U << 10U;
  std::size_t largest_body = 25U << 20U;
  /// Bytes of all bodies together, those that handlers hold included.
  std::size_t most_held = 512U << 20U;
  /// Each has a thread.
  std::size_t most_connections = 512;
  std::size_t most_connections_per_address = 256;
  /// Sees a request without its body, before that is read or waited for; an answer refuses it. May be empty.
  std::function<std::optional<Answer>(const IncomingRequest&)> refuse_by_header = {};
  /// Makes the answer with a status that the server refuses a request with itself; empty for plain text.
  std::function<Answer(int status, const std::string& reason)> refusal = {};
};

/// An HTTP/1.1 server on Poco's, with one request per connection, strict in what it takes: deadlines for the header and
/// the body as a whole, bounded sizes, memory and connections, no ambiguous length; bodies are read whole before the
/// handler sees them. Answers 400, 408, 411, 413, 417, 431, 500, 503 and 505 itself.
class Server {
 public:
  using Handler = std::function<Answer(const IncomingRequest&)>;

  /// Binds and starts to serve; handlers run in several threads at a time. Throws `Error` when it can't bind.
  Server(ServerOptions options, Handler handler);
  /// Stops at once.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::uint16_t port() const;
  /// `http://127.0.0.1:41234`, or `https://…`.
  std::string url() const;
  /// Takes no new connection, lets running handlers finish for at most `grace`, then closes everything.
  void stop(std::chrono::milliseconds grace);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace flowship::net
