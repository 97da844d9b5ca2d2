#include "net/client.hpp"

#include "base/text/printable.hpp"
#include "net/body.hpp"
#include "net/dial.hpp"
#include "net/proxy.hpp"
#include "net/timed_socket.hpp"
#include "net/tls.hpp"
#include "net/url.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPBasicCredentials.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/NetException.h>
#include <Poco/String.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <mutex>
#include <set>
#include <sstream>
#include <sys/socket.h>
#include <utility>
#include <vector>

namespace flowship::net {

namespace {

using Poco::Net::Context;
using Poco::Net::HTTPRequest;
using Poco::Net::HTTPResponse;
using Poco::Net::StreamSocket;

constexpr std::size_t kLargestHeader = 64U << 10U;
const std::string kAcceptEncoding = "Accept-Encoding";

/// Whether `bytes`, which came before the request was sent, hold more than interim answers: the answer itself, or what
/// can't become one.
bool is_answer(const std::string& bytes) {
  std::istringstream stream(bytes);
  HTTPResponse answer;
  try {
    do {
      answer.read(stream);
    } while (answer.getStatus() < HTTPResponse::HTTP_OK);
    return true;
  } catch (const Poco::Exception&) {
    return bytes.size() > kLargestHeader;
  }
}

/// Poco's session over a connection that exists already, plain or TLS. It never connects again, so nothing is sent
/// twice, and it knows what a failure says about the request.
class Session : private Poco::Net::HTTPClientSession {
 public:
  /// `peer` is for messages.
  Session(const StreamSocket& connected, std::string peer) : HTTPClientSession(connected), peer_(std::move(peer)) {
    setKeepAlive(true);
  }

  /// Sends a request, whose header fields are all there, and reads the answer until `deadline`. `limit` is the option
  /// that allows more time. Throws `TransportError`.
  Response exchange(HTTPRequest& request, const std::string& body, Ticks deadline, const char* limit,
                    std::size_t largest_answer) {
    limit_ = limit;
    delivery_ = Delivery::not_sent;
    keeps_alive_ = false;
    timed().deadline = deadline;
    try {
      send(request, body);
      return receive(request.getMethod(), largest_answer);
    } catch (const Poco::TimeoutException&) {
      fail_late("did not answer in time");
    } catch (const Poco::Net::NoMessageException&) {
      fail("closed the connection without an answer");
    } catch (const Poco::Net::MessageException& error) {
      if (timed().ended()) fail("closed the connection within its answer");
      fail("does not answer in HTTP/1.1: " + printable(error.message()), "check the service's address");
    } catch (const Poco::DataException& error) {
      fail("answered with a malformed header: " + printable(error.message()));
    } catch (const Poco::Exception& error) {
      check_certificate_demand(error, peer_);
      fail("broke the connection: " + printable(error.displayText()));
    }
  }

  void wait_until(const StopSignal* stop) { timed().until = stop; }

  /// Ends the connection from another thread.
  void shut_down() { ::shutdown(socket().impl()->sockfd(), SHUT_RDWR); }

  /// Whether another request can be sent: the last answer allows it, and the server has said nothing since.
  bool reusable() { return keeps_alive_ && buffered() == 0 && !timed().read_ahead(); }

  /// Hands on the connection of an answered CONNECT.
  StreamSocket take_socket() {
    if (buffered() != 0) fail("says more than a proxy should");
    return detachSocket();
  }

 private:
  int write(const char* data, std::streamsize size) override {
    if (is_broken_) return -1;
    try {
      return socket().sendBytes(data, static_cast<int>(size));
    } catch (const Poco::Exception& error) {
      is_broken_ = true;
      is_late_ = dynamic_cast<const Poco::TimeoutException*>(&error) != nullptr;
      return -1;
    }
  }

  void send(HTTPRequest& request, const std::string& body) {
    // A server that refuses a body by its header answers at once, and may never take the rest.
    timed().is_answer = is_answer;
    sendRequest(request).write(body.data(), static_cast<std::streamsize>(body.size())).flush();
    timed().is_answer = nullptr;
    if (is_late_) fail_late("did not take the request in time");
    // A server can act on nothing but a whole request. One that broke off may have answered all the same.
    if (!is_broken_) delivery_ = Delivery::unknown;
  }

  Response receive(const std::string& method, std::size_t largest_answer) {
    HTTPResponse answer;
    do {
      timed().allowance = kLargestHeader;
      receiveResponse(answer);
      if (timed().ended()) fail("closed the connection within its answer");
      if (!answer.getVersion().starts_with("HTTP/1.") || answer.getStatus() < HTTPResponse::HTTP_CONTINUE) {
        fail("does not answer in HTTP/1.1", "check the service's address");
      }
    } while (answer.getStatus() < HTTPResponse::HTTP_OK);
    timed().allowance = std::string::npos;
    Response response;
    response.status = answer.getStatus();
    for (const auto& [name, value] : answer) response.headers.add(name, value);
    if (!response.headers.well_formed()) fail("answered with a malformed header");
    keeps_alive_ = !is_broken_ && !answer.hasToken(HTTPResponse::CONNECTION, HTTPResponse::CONNECTION_CLOSE) &&
                   (answer.getVersion() == HTTPResponse::HTTP_1_1 ||
                    answer.hasToken(HTTPResponse::CONNECTION, HTTPResponse::CONNECTION_KEEP_ALIVE));
    const bool bodiless = method == HTTPRequest::HTTP_HEAD || method == HTTPRequest::HTTP_CONNECT ||
                          response.status == HTTPResponse::HTTP_NO_CONTENT ||
                          response.status == HTTPResponse::HTTP_NOT_MODIFIED;
    if (!bodiless) receive_body(answer, response, largest_answer);
    return response;
  }

  void receive_body(const HTTPResponse& answer, Response& response, std::size_t largest_answer) {
    const std::string coding = answer.get("Content-Encoding", HTTPResponse::IDENTITY_TRANSFER_ENCODING);
    if (Poco::icompare(coding, HTTPResponse::IDENTITY_TRANSFER_ENCODING) != 0 && response.status / 100 == 2) {
      fail("answered compressed (" + printable(coding) + "), though flowship asked it not to",
           "check the service's address, and what is in between", true);
    }
    const std::optional<Framing> framing = framing_of(answer);
    if (!framing) fail("answered with an ambiguous length");
    keeps_alive_ = keeps_alive_ && framing->kind != Framing::Kind::until_close;
    switch (read_body(*this, *framing, largest_answer, response.body)) {
      case BodyEnd::complete:
        return;
      case BodyEnd::cut:
        fail("closed the connection after " + std::to_string(response.body.size()) + " bytes of its answer");
      case BodyEnd::malformed:
        fail("answered with malformed chunks");
      default:
        fail("answered with more than " + std::to_string(largest_answer) + " bytes");
    }
  }

  TimedSocket& timed() { return TimedSocket::of(socket()); }

  [[noreturn]] void fail(const std::string& what, const std::string& hint = {}, bool lasting = false) const {
    throw TransportError(peer_ + " " + what, hint, delivery_, lasting);
  }
  [[noreturn]] void fail_late(const std::string& what) const { fail(what, "allow more with " + limit_); }

  const std::string peer_;
  std::string limit_;
  Delivery delivery_ = Delivery::not_sent;
  bool is_broken_ = false;
  bool is_late_ = false;
  bool keeps_alive_ = false;
};

/// What can be done about a proxy that does not open the tunnel.
std::string hint_for(int status) {
  if (status == 401 || status == 407) return "check the user and password in HTTPS_PROXY";
  return status >= 500 ? "the proxy can't reach it now; try again, and check the service's address"
                       : "check HTTPS_PROXY, and what the proxy allows";
}

/// Asks a proxy for a connection to `url`.
StreamSocket tunnel(const StreamSocket& connected, const Url& url, const Proxy& proxy, Ticks deadline) {
  const std::string peer = "the proxy " + proxy.host + ":" + std::to_string(proxy.port);
  Session session(connected, peer);
  HTTPRequest request(HTTPRequest::HTTP_CONNECT, url.authority(), HTTPRequest::HTTP_1_1);
  request.setHost(url.authority());
  if (!proxy.user.empty()) Poco::Net::HTTPBasicCredentials(proxy.user, proxy.password).proxyAuthenticate(request);
  try {
    const int status = session.exchange(request, "", deadline, "--connect-timeout", 0).status;
    if (status / 100 == 2) return session.take_socket();
    throw TransportError(peer + " refused to connect to " + url.authority() + " with " + std::to_string(status),
                         hint_for(status), Delivery::not_sent, status == 401 || status == 403 || status == 407);
  } catch (const TransportError& error) {
    // Whatever became of CONNECT, the request itself was not sent.
    throw TransportError(error.message(), error.hint(), Delivery::not_sent, error.lasting());
  }
}

HTTPRequest poco_request(const Request& request, const Url& url) {
  if (!is_token(request.method) || !request.target.starts_with('/') || !is_target(request.target) ||
      !request.headers.well_formed()) {
    throw TransportError("the request has characters that HTTP does not allow",
                         "check the project id and the management key for stray characters", Delivery::not_sent, true);
  }
  HTTPRequest made(request.method, url.prefix + request.target, HTTPRequest::HTTP_1_1);
  made.setHost(url.host_field());
  for (const auto& [name, value] : request.headers.fields()) {
    // The connection's own; a second, different one would change where the request ends.
    const std::array own{HTTPRequest::HOST, HTTPRequest::CONTENT_LENGTH, HTTPRequest::TRANSFER_ENCODING,
                         HTTPRequest::CONNECTION, kAcceptEncoding};
    const auto is_this = [&name = name](const std::string& each) { return Poco::icompare(each, name) == 0; };
    if (std::none_of(own.begin(), own.end(), is_this)) made.add(name, value);
  }
  made.set(kAcceptEncoding, HTTPRequest::IDENTITY_TRANSFER_ENCODING);
  if (!request.body.empty() || request.method != HTTPRequest::HTTP_GET) {
    made.setContentLength64(static_cast<Poco::Int64>(request.body.size()));
  }
  made.set(HTTPRequest::CONNECTION, "keep-alive");
  return made;
}

std::optional<std::string> process_variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

}  // namespace

class Client::Pool {
 public:
  explicit Pool(ClientOptions options)
      : options_(std::move(options)),
        url_(parse_base_url(options_.base_url)),
        proxy_(proxy_for(url_, process_variable)) {}

  Response send(const Request& request) {
    const Ticks begin = std::chrono::steady_clock::now();
    const Ticks deadline = begin + options_.request_limit;
    HTTPRequest made = poco_request(request, url_);
    try {
      std::unique_ptr<Session> session = take_idle();
      if (!session) session = connect(std::min(deadline, begin + options_.connect_limit), request.until);
      const InFlight in_flight(*this, *session);
      session->wait_until(request.until);
      Response response = session->exchange(made, request.body, deadline, "--request-timeout", options_.largest_answer);
      if (session->reusable()) {
        const std::lock_guard lock(mutex_);
        idle_.push_back(std::move(session));
      }
      return response;
    } catch (const TransportError& error) {
      const std::lock_guard lock(mutex_);
      if (!is_cut_ && (request.until == nullptr || !request.until->requested())) throw;
      throw TransportError(url_.authority() + " had not answered when flowship stopped", {}, error.delivery(), true);
    }
  }

  void cut() {
    const std::lock_guard lock(mutex_);
    is_cut_ = true;
    for (Session* session : in_flight_) session->shut_down();
  }

 private:
  /// A session that `cut` ends.
  class InFlight {
   public:
    InFlight(Pool& pool, Session& session) : pool_(pool), session_(&session) {
      const std::lock_guard lock(pool_.mutex_);
      if (pool_.is_cut_) throw TransportError("flowship has stopped", {}, Delivery::not_sent, true);
      pool_.in_flight_.insert(session_);
    }
    ~InFlight() {
      const std::lock_guard lock(pool_.mutex_);
      pool_.in_flight_.erase(session_);
    }
    InFlight(const InFlight&) = delete;
    InFlight& operator=(const InFlight&) = delete;

   private:
    Pool& pool_;
    Session* session_;
  };

  /// Drops connections that went stale while idle.
  std::unique_ptr<Session> take_idle() {
    const std::lock_guard lock(mutex_);
    while (!idle_.empty()) {
      std::unique_ptr<Session> session = std::move(idle_.back());
      idle_.pop_back();
      if (session->reusable()) return session;
    }
    return nullptr;
  }

  std::unique_ptr<Session> connect(Ticks deadline, const StopSignal* until) {
    StreamSocket socket = dial(proxy_ ? proxy_->host : url_.host, proxy_ ? proxy_->port : url_.port, deadline, until);
    if (proxy_) socket = tunnel(socket, url_, *proxy_, deadline);
    TimedSocket::of(socket).deadline = deadline;
    if (url_.secure) socket = shake_hands(socket, tls(), url_.host, url_.authority());
    return std::make_unique<Session>(socket, url_.authority());
  }

  /// Made when it is first needed, since that reads the system's authorities.
  Context::Ptr tls() {
    const std::lock_guard lock(mutex_);
    if (!tls_) tls_ = client_context(url_.host, options_.ca_file);
    return tls_;
  }

  const ClientOptions options_;
  const Url url_;
  const std::optional<Proxy> proxy_;
  std::mutex mutex_;
  Context::Ptr tls_;
  std::vector<std::unique_ptr<Session>> idle_;
  std::set<Session*> in_flight_;
  bool is_cut_ = false;
};

Client::Client(ClientOptions options) : pool_(std::make_unique<Pool>(std::move(options))) {}

Client::~Client() = default;

Response Client::send(const Request& request) { return pool_->send(request); }

void Client::cut() { pool_->cut(); }

}  // namespace flowship::net
