#pragma once

#include "net/body.hpp"
#include "net/client.hpp"
#include "net/proxy.hpp"
#include "net/timed_socket.hpp"
#include "net/url.hpp"

#include <Poco/Net/Context.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>

#include <string>

namespace flowship::net {

/// Poco's session over a connection that exists already, plain or TLS. It never connects again, so nothing is sent
/// twice, and knows what a failure says about the request.
class ClientSession : private Poco::Net::HTTPClientSession {
 public:
  /// `peer` is for messages.
  ClientSession(const Poco::Net::StreamSocket& connected, std::string peer);

  /// Sends a request, whose header fields are all there, and reads the answer until `deadline`. `limit` is the option
  /// that allows more time. Throws `TransportError`.
  Response exchange(Poco::Net::HTTPRequest& request, const std::string& body, Ticks deadline, const char* limit,
                    std::size_t largest_answer);
  /// Whether another request can be sent: the last answer allows it, and the server has said nothing since.
  bool reusable();
  /// Hands the connection on, for what comes after the answer to CONNECT. Throws when bytes of it were read already.
  Poco::Net::StreamSocket take_socket();

 private:
  int write(const char* data, std::streamsize size) override;
  void send(Poco::Net::HTTPRequest& request, const std::string& body);
  void receive_header(Poco::Net::HTTPResponse& answer);
  void receive_body(const Poco::Net::HTTPResponse& answer, Response& response, std::size_t largest_answer);
  TimedSocket& timed() { return TimedSocket::of(socket()); }
  [[noreturn]] void fail(const std::string& what, const std::string& hint = {}, bool lasting = false) const;
  [[noreturn]] void fail_late(const std::string& what) const { fail(what, "allow more with " + limit_); }

  std::string peer_;
  std::string limit_;
  Delivery delivery_ = Delivery::not_sent;
  bool is_broken_ = false;
  bool is_late_ = false;
  bool keeps_alive_ = false;
};

/// Connects to `url`, through `proxy` where there is one, and with TLS unless `context` is null, until `deadline`.
Poco::Net::StreamSocket connect(const Url& url, const std::optional<Proxy>& proxy,
                                const Poco::Net::Context::Ptr& context, Ticks deadline);

}  // namespace flowship::net
