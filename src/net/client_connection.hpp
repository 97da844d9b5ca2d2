#pragma once

#include "base/clock.hpp"
#include "net/client.hpp"
#include "net/proxy.hpp"
#include "net/stream.hpp"
#include "net/tls.hpp"
#include "net/url.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace flowship::net {

/// One connection to a server, for one request after the other.
class ClientConnection {
 public:
  /// Connects, through `proxy` where there is one, and shakes hands where `tls` is set, until `deadline`.
  ClientConnection(const Url& url, const std::optional<Proxy>& proxy, const TlsContext& tls, Ticks deadline);

  /// Sends a request and reads its answer until `deadline`. Afterwards `reusable` tells whether it can serve again.
  Response exchange(const Request& request, Ticks deadline, std::size_t largest_answer);
  bool reusable() const { return reusable_; }
  /// Whether the other side has closed it, or said something unasked, while it was idle.
  bool is_stale();

 private:
  void tunnel(const Url& url, const Proxy& proxy, Ticks deadline);
  void shake_hands(const Url& url, const TlsContext& tls, Ticks deadline);
  /// Ends early when the other side answers, or closes, before it has taken everything.
  void send(const std::string& bytes, Ticks deadline);
  Response receive(const std::string& method, Ticks deadline, std::size_t largest_answer);
  std::string receive_head(Ticks deadline);
  void receive_body(Response& response, Ticks deadline, std::size_t largest_answer);
  void receive_sized(Response& response, std::size_t size, Ticks deadline);
  void receive_chunked(Response& response, Ticks deadline, std::size_t largest_answer);
  void receive_rest(Response& response, Ticks deadline, std::size_t largest_answer);
  /// Reads more into `input_`: `done`, `ended` or `broken`; a time-out is thrown.
  Io receive_more(Ticks deadline);
  /// Reads into `input_` what is there already.
  Io receive_some();
  /// Whether the whole head of an answer, or something that can't become one, is in `input_`. Skips interim answers.
  bool answered();
  [[noreturn]] void fail(const std::string& what, const std::string& hint = {}) const;
  [[noreturn]] void fail_late(const std::string& what) const;

  Url url_;
  /// Who is spoken to at the moment, for messages.
  std::string peer_;
  Stream stream_;
  std::string input_;
  /// What a failure from here on says about the request.
  Delivery delivery_ = Delivery::not_sent;
  /// The option that allows more time for what is under way, for messages.
  std::string_view limit_ = "--connect-timeout";
  bool sent_whole_ = false;
  bool reusable_ = false;
};

}  // namespace flowship::net
