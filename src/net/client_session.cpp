#include "net/client_session.hpp"

#include "base/printable.hpp"
#include "net/dial.hpp"
#include "net/tls.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPBasicCredentials.h>
#include <Poco/Net/NetException.h>
#include <Poco/String.h>

#include <sstream>
#include <utility>

namespace flowship::net {

namespace {

using Poco::Net::HTTPRequest;
using Poco::Net::HTTPResponse;

constexpr std::size_t kLargestHeader = 64U << 10U;

/// Whether `bytes`, which came before the request was sent, begin with more than interim answers: with the answer
/// itself, or with what can't become one.
bool is_answer(const std::string& bytes) {
  std::istringstream stream(bytes);
  try {
    HTTPResponse answer;
    do {
      answer.read(stream);
    } while (answer.getStatus() < HTTPResponse::HTTP_OK);
    return true;
  } catch (const Poco::Exception&) {
    return bytes.size() > kLargestHeader;
  }
}

bool has_body(const HTTPRequest& request, const HTTPResponse& answer) {
  const auto status = answer.getStatus();
  return request.getMethod() != HTTPRequest::HTTP_HEAD && request.getMethod() != HTTPRequest::HTTP_CONNECT &&
         status != HTTPResponse::HTTP_NO_CONTENT && status != HTTPResponse::HTTP_NOT_MODIFIED;
}

/// Asks the proxy for a tunnel.
Poco::Net::StreamSocket tunnel(const Poco::Net::StreamSocket& connected, const Url& url, const Proxy& proxy,
                               Ticks deadline) {
  const std::string name = "the proxy " + proxy.host + ":" + std::to_string(proxy.port);
  ClientSession session(connected, name);
  HTTPRequest request(HTTPRequest::HTTP_CONNECT, url.authority(), HTTPRequest::HTTP_1_1);
  request.setHost(url.authority());
  if (!proxy.user.empty() || !proxy.password.empty()) {
    Poco::Net::HTTPBasicCredentials(proxy.user, proxy.password).proxyAuthenticate(request);
  }
  try {
    const int status = session.exchange(request, "", deadline, "--connect-timeout", kLargestHeader).status;
    if (status / 100 == 2) return session.take_socket();
    const std::string refused = name + " refused the connection with " + std::to_string(status);
    const bool by_user = status == 401 || status == 407;
    throw TransportError(refused,
                         by_user           ? "check the user and password in HTTPS_PROXY"
                         : status / 100 == 5 ? "the proxy can't reach " + url.authority() + " now; check it and the address"
                                           : "check HTTPS_PROXY and what the proxy allows",
                         Delivery::not_sent, by_user || status == 403);
  } catch (const TransportError& error) {
    // Whatever happened to CONNECT, the request itself was never sent.
    throw TransportError(error.message(), error.hint(), Delivery::not_sent, error.lasting());
  }
}

}  // namespace

ClientSession::ClientSession(const Poco::Net::StreamSocket& connected, std::string peer)
    : HTTPClientSession(connected), peer_(std::move(peer)) {
  setKeepAlive(true);
}

void ClientSession::fail(const std::string& what, const std::string& hint, bool lasting) const {
  throw TransportError(peer_ + " " + what, hint, delivery_, lasting);
}

Response ClientSession::exchange(HTTPRequest& request, const std::string& body, Ticks deadline, const char* limit,
                                 std::size_t largest_answer) {
  limit_ = limit;
  delivery_ = Delivery::not_sent;
  keeps_alive_ = false;
  timed().set_deadline(deadline);
  try {
    send(request, body);
    HTTPResponse answer;
    receive_header(answer);
    Response response;
    response.status = answer.getStatus();
    for (const auto& [name, value] : answer) response.headers.add(name, value);
    if (!response.headers.well_formed()) fail("answered with a malformed header");
    keeps_alive_ = delivery_ == Delivery::unknown && !answer.hasToken(HTTPResponse::CONNECTION, "close") &&
                   (answer.getVersion() == HTTPResponse::HTTP_1_1 ||
                    answer.hasToken(HTTPResponse::CONNECTION, HTTPResponse::CONNECTION_KEEP_ALIVE));
    if (has_body(request, answer)) receive_body(answer, response, largest_answer);
    return response;
  } catch (const Poco::TimeoutException&) {
    fail_late("did not answer in time");
  } catch (const Poco::Net::NoMessageException&) {
    fail("closed the connection without an answer");
  } catch (const Poco::Net::MessageException& error) {
    if (timed().ended()) fail("closed the connection within its answer");
    fail("does not answer in HTTP/1.1: " + printable(error.message()), "check the service's address");
  } catch (const Poco::SyntaxException&) {
    fail("answered with a malformed header");
  } catch (const Poco::DataException&) {
    fail("answered with a header that does not end");
  } catch (const Poco::Exception& error) {
    if (wants_client_certificate(error)) throw certificate_wanted(peer_);
    fail("broke the connection: " + printable(error.displayText()));
  }
}

int ClientSession::write(const char* data, std::streamsize size) {
  if (is_broken_) return -1;
  try {
    return socket().sendBytes(data, static_cast<int>(size));
  } catch (const Poco::Exception& error) {
    is_broken_ = true;
    is_late_ = dynamic_cast<const Poco::TimeoutException*>(&error) != nullptr;
    return -1;
  }
}

void ClientSession::send(HTTPRequest& request, const std::string& body) {
  // A server that refuses a body by its header answers at once, and may never take the rest.
  timed().set_answer_check(is_answer);
  std::ostream& stream = sendRequest(request);
  stream.write(body.data(), static_cast<std::streamsize>(body.size()));
  stream.flush();
  timed().set_answer_check({});
  if (is_late_) fail_late("did not take the request in time");
  // A server can act on nothing but a whole request. One that broke off may have answered all the same.
  if (!is_broken_) delivery_ = Delivery::unknown;
}

void ClientSession::receive_header(HTTPResponse& answer) {
  do {
    timed().set_allowance(kLargestHeader);
    receiveResponse(answer);
    if (timed().ended()) fail("closed the connection within its answer");
    if (!answer.getVersion().starts_with("HTTP/1.") || answer.getStatus() < HTTPResponse::HTTP_CONTINUE) {
      fail("does not answer in HTTP/1.1", "check the service's address");
    }
  } while (answer.getStatus() < HTTPResponse::HTTP_OK);
  timed().set_allowance(static_cast<std::size_t>(-1));
}

void ClientSession::receive_body(const HTTPResponse& answer, Response& response, std::size_t largest_answer) {
  const std::string coding = answer.get("Content-Encoding", "identity");
  if (Poco::icompare(coding, std::string("identity")) != 0 && response.status < 300) {
    fail("answered compressed (" + printable(coding) + "), though flowship asked for plain text",
         "check the service's address, and what is in between", true);
  }
  const std::optional<Framing> framing = framing_of(answer);
  if (!framing) fail("answered with an ambiguous length");
  if (framing->kind == Framing::Kind::until_close) keeps_alive_ = false;
  switch (read_body(*this, *framing, largest_answer, response.body)) {
    case BodyEnd::complete:
      return;
    case BodyEnd::cut:
      fail("closed the connection after " + std::to_string(response.body.size()) + " bytes of its answer");
    case BodyEnd::malformed:
      fail("answered with malformed chunks");
    case BodyEnd::too_large:
    case BodyEnd::refused:
      fail("answered with more than " + std::to_string(largest_answer) + " bytes");
  }
}

bool ClientSession::reusable() { return keeps_alive_ && buffered() == 0 && !timed().read_ahead(); }

Poco::Net::StreamSocket ClientSession::take_socket() {
  if (buffered() != 0) fail("says more than a proxy should");
  return detachSocket();
}

Poco::Net::StreamSocket connect(const Url& url, const std::optional<Proxy>& proxy,
                                const Poco::Net::Context::Ptr& context, Ticks deadline) {
  Poco::Net::StreamSocket socket =
      dial(proxy ? proxy->host : url.host, proxy ? proxy->port : url.port, deadline);
  if (proxy) socket = tunnel(socket, url, *proxy, deadline);
  TimedSocket::of(socket).set_deadline(deadline);
  return context ? shake_hands(socket, context, url.host, url.authority()) : socket;
}

}  // namespace flowship::net
