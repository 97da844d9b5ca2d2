#include "net/client_connection.hpp"

#include "base/text/printable.hpp"
#include "net/chunked.hpp"
#include "net/dial.hpp"
#include "net/header_syntax.hpp"

#include <openssl/x509_vfy.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace flowship::net {

namespace {

constexpr std::size_t kLargestHead = 64U << 10U;

/// What a failed verification means, in words for somebody who is to mend it.
TransportError untrusted(const Url& url, long result) {
  std::string what;
  std::string hint = "name the authority that signed it with --ca-file, if you trust it";
  switch (result) {
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      what = "is for another host";
      hint = "check the service's address; somebody may be listening in between";
      break;
    case X509_V_ERR_CERT_HAS_EXPIRED:
      what = "has expired";
      hint = "check this machine's clock, then tell whoever runs the server";
      break;
    case X509_V_ERR_CERT_NOT_YET_VALID:
      what = "is not valid yet";
      hint = "check this machine's clock";
      break;
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      what = "is signed by an authority that is not known here";
      break;
    default:
      what = std::string("is not trusted: ") + X509_verify_cert_error_string(result);
  }
  return TransportError("the certificate of " + url.authority() + " " + what, hint, Delivery::not_sent, true);
}

std::string head_of(const Request& request, const Url& url) {
  std::string head = request.method + " " + url.prefix + request.target + " HTTP/1.1\r\n";
  head += "Host: " + url.host_field() + "\r\n";
  for (const auto& field : request.headers.fields()) {
    // These are the connection's own; a second, different one would change where the request ends.
    constexpr std::array<std::string_view, 4> kOwn = {"Host", "Content-Length", "Transfer-Encoding", "Connection"};
    const bool own =
        std::any_of(kOwn.begin(), kOwn.end(), [&](std::string_view name) { return same_word(name, field.first); });
    if (!own) head += field.first + ": " + field.second + "\r\n";
  }
  if (!request.body.empty() || request.method != "GET") {
    head += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
  }
  return head + "Connection: keep-alive\r\n\r\n";
}

/// The status of `HTTP/1.x 200 …`; 0 when it is no status line.
int status_of(std::string_view line) {
  constexpr std::string_view kVersion = "HTTP/1.";
  if (!line.starts_with(kVersion) || line.size() < 12 || line[8] != ' ') return 0;
  int status = 0;
  const auto [end, error] = std::from_chars(line.data() + 9, line.data() + 12, status);
  const bool ends = line.size() == 12 || line[12] == ' ';
  return error == std::errc() && end == line.data() + 12 && ends && status >= 100 ? status : 0;
}

bool parse_head(std::string_view head, Response& response) {
  const std::size_t first = head.find("\r\n");
  response.status = status_of(head.substr(0, first));
  if (response.status == 0) return false;
  head.remove_prefix(first + 2);
  while (!head.empty()) {
    const std::size_t end = head.find("\r\n");
    const std::string_view line = head.substr(0, end);
    head.remove_prefix(end + 2);
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) return false;
    response.headers.add(std::string(line.substr(0, colon)), std::string(trimmed(line.substr(colon + 1))));
  }
  return true;
}

/// The one length that all `Content-Length` fields agree on; false when they do not, or are malformed.
bool content_length(const Headers& headers, std::optional<std::size_t>& length) {
  for (const auto& [name, value] : headers.fields()) {
    if (!same_word(name, "Content-Length")) continue;
    std::size_t size = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), size);
    if (error != std::errc() || end != value.data() + value.size() || (length && *length != size)) return false;
    length = size;
  }
  return true;
}

std::string ending(Io io) { return io == Io::ended ? "closed the connection" : "broke the connection"; }

}  // namespace

ClientConnection::ClientConnection(const Url& url, const std::optional<Proxy>& proxy, const TlsContext& tls,
                                   Ticks deadline)
    : url_(url),
      peer_(url.authority()),
      stream_(dial(proxy ? proxy->host : url.host, proxy ? proxy->port : url.port, deadline)) {
  if (proxy) tunnel(url, *proxy, deadline);
  if (tls) shake_hands(url, tls, deadline);
}

void ClientConnection::fail(const std::string& what, const std::string& hint) const {
  throw TransportError(peer_ + " " + what, hint, delivery_, false);
}

void ClientConnection::fail_late(const std::string& what) const {
  fail(what, "allow more with " + std::string(limit_));
}

void ClientConnection::tunnel(const Url& url, const Proxy& proxy, Ticks deadline) {
  std::string head = "CONNECT " + url.authority() + " HTTP/1.1\r\nHost: " + url.authority() + "\r\n";
  if (!proxy.authorization.empty()) head += "Proxy-Authorization: " + proxy.authorization + "\r\n";
  peer_ = "the proxy " + proxy.host + ":" + std::to_string(proxy.port);
  send(head + "\r\n", deadline);
  delivery_ = Delivery::not_sent;
  Response response;
  if (!parse_head(receive_head(deadline), response)) fail("does not answer as a proxy does");
  if (response.status < 200 || response.status > 299) {
    const bool lasting = response.status == 407 || response.status == 403;
    throw TransportError(peer_ + " refused the connection with " + std::to_string(response.status),
                         "check HTTPS_PROXY and its user and password", Delivery::not_sent, lasting);
  }
  if (!input_.empty()) fail("says more than a proxy should");
  peer_ = url.authority();
}

void ClientConnection::shake_hands(const Url& url, const TlsContext& tls, Ticks deadline) {
  stream_.secure(tls.get(), Stream::Side::client, is_address(url.host) ? std::string() : url.host);
  while (true) {
    const Io io = stream_.handshake();
    if (io == Io::done) return;
    if (io == Io::wants_read || io == Io::wants_write) {
      if (!wait_for(stream_, io, deadline)) {
        fail_late("did not finish the TLS handshake in time");
      }
      continue;
    }
    if (stream_.verify_result() != X509_V_OK) throw untrusted(url, stream_.verify_result());
    fail("broke off the TLS handshake: " + printable(stream_.reason()), "check that it speaks HTTPS at this port");
  }
}

bool ClientConnection::is_stale() {
  char byte = 0;
  std::size_t taken = 0;
  return stream_.read(&byte, 1, taken) != Io::wants_read;
}

Response ClientConnection::exchange(const Request& request, Ticks deadline, std::size_t largest_answer) {
  reusable_ = false;
  limit_ = "--request-timeout";
  send(head_of(request, url_) + request.body, deadline);
  return receive(request.method, deadline, largest_answer);
}

void ClientConnection::send(const std::string& bytes, Ticks deadline) {
  delivery_ = Delivery::not_sent;
  const auto too_slow = [this] { fail_late("did not take the request in time"); };
  sent_whole_ = false;
  std::string_view left = bytes;
  while (!left.empty()) {
    if (std::chrono::steady_clock::now() >= deadline) too_slow();
    std::size_t taken = 0;
    const Io io = stream_.write(left, taken);
    if (io == Io::done) {
      left.remove_prefix(taken);
      continue;
    }
    if (io != Io::wants_read && io != Io::wants_write) break;
    // One that refuses a body by its header answers at once, and may never take the rest.
    const Io read = receive_some();
    if (answered() || read == Io::ended || read == Io::broken) break;
    if (read == Io::done) continue;
    const bool ready = io == Io::wants_read ? wait_for(stream_, io, deadline) : wait_for_either(stream_, deadline);
    if (!ready) too_slow();
  }
  // A server can act on nothing but a whole request.
  sent_whole_ = left.empty();
  if (sent_whole_) delivery_ = Delivery::unknown;
}

Io ClientConnection::receive_some() {
  std::array<char, 32768> buffer;
  std::size_t taken = 0;
  const Io io = stream_.read(buffer.data(), buffer.size(), taken);
  if (io == Io::done) input_.append(buffer.data(), taken);
  return io;
}

bool ClientConnection::answered() {
  while (true) {
    const std::size_t end = input_.find("\r\n\r\n");
    if (end == std::string::npos) return input_.size() > kLargestHead;
    Response interim;
    if (!parse_head(std::string_view(input_).substr(0, end + 2), interim) || interim.status >= 200) return true;
    input_.erase(0, end + 4);
  }
}

Io ClientConnection::receive_more(Ticks deadline) {
  // Asked also where bytes keep coming: what never ends has to end here.
  while (std::chrono::steady_clock::now() < deadline) {
    const Io io = receive_some();
    if (io != Io::wants_read && io != Io::wants_write) return io;
    if (!wait_for(stream_, io, deadline)) break;
  }
  fail_late("did not answer in time");
}

std::string ClientConnection::receive_head(Ticks deadline) {
  while (true) {
    const std::size_t end = input_.find("\r\n\r\n");
    if (end != std::string::npos) {
      std::string head = input_.substr(0, end + 2);
      input_.erase(0, end + 4);
      return head;
    }
    if (input_.size() > kLargestHead) fail("answered with a header that does not end");
    const Io io = receive_more(deadline);
    if (io != Io::done) fail(ending(io) + (input_.empty() ? " without an answer" : " within its answer"));
  }
}

Response ClientConnection::receive(const std::string& method, Ticks deadline, std::size_t largest_answer) {
  while (true) {
    Response response;
    const std::string head = receive_head(deadline);
    if (!parse_head(head, response)) fail("does not answer in HTTP", "check the service's address");
    if (response.status < 200) continue;
    const bool old = head.starts_with("HTTP/1.0");
    const std::string connection = response.headers.find("Connection").value_or("");
    reusable_ = old ? lists(connection, "keep-alive") : !lists(connection, "close");
    if (method != "HEAD" && response.status != 204 && response.status != 304) {
      receive_body(response, deadline, largest_answer);
    }
    reusable_ = reusable_ && sent_whole_ && input_.empty();
    return response;
  }
}

void ClientConnection::receive_body(Response& response, Ticks deadline, std::size_t largest_answer) {
  if (const std::optional<std::string> coding = response.headers.find("Transfer-Encoding")) {
    if (!same_word(*coding, "chunked")) fail("answered in a coding that was not asked for");
    return receive_chunked(response, deadline, largest_answer);
  }
  std::optional<std::size_t> length;
  if (!content_length(response.headers, length)) fail("answered with a malformed Content-Length");
  if (length && *length > largest_answer) fail("answered with more than is taken");
  if (length) return receive_sized(response, *length, deadline);
  receive_rest(response, deadline, largest_answer);
}

void ClientConnection::receive_sized(Response& response, std::size_t size, Ticks deadline) {
  while (input_.size() < size) {
    const Io io = receive_more(deadline);
    if (io != Io::done) {
      fail(ending(io) + " after " + std::to_string(input_.size()) + " of " + std::to_string(size) + " bytes");
    }
  }
  response.body = input_.substr(0, size);
  input_.erase(0, size);
}

void ClientConnection::receive_chunked(Response& response, Ticks deadline, std::size_t largest_answer) {
  ChunkedBody body(largest_answer);
  while (true) {
    switch (body.feed(input_, response.body)) {
      case ChunkedBody::State::complete:
        return;
      case ChunkedBody::State::malformed:
        fail("answered with malformed chunks");
      case ChunkedBody::State::too_large:
        fail("answered with more than is taken");
      case ChunkedBody::State::more:
        break;
    }
    const Io io = receive_more(deadline);
    if (io != Io::done) fail(ending(io) + " within its answer");
  }
}

/// A body that ends with the connection: only an orderly end is one.
void ClientConnection::receive_rest(Response& response, Ticks deadline, std::size_t largest_answer) {
  reusable_ = false;
  while (true) {
    if (input_.size() > largest_answer) fail("answered with more than is taken");
    const Io io = receive_more(deadline);
    if (io == Io::broken) fail(ending(io) + " within its answer");
    if (io == Io::ended) break;
  }
  response.body = std::exchange(input_, {});
}

}  // namespace flowship::net
