#include "net/served_connection.hpp"

#include "net/body.hpp"
#include "net/timed_socket.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/NetException.h>
#include <Poco/String.h>
#include <Poco/Timestamp.h>
#include <Poco/URI.h>

#include <algorithm>

namespace flowship::net {

namespace {

using Poco::Net::HTTPRequest;
using Poco::Net::HTTPResponse;
using Poco::Net::HTTPServerRequestImpl;
using Poco::Net::HTTPServerResponseImpl;
using Poco::Net::HTTPServerSession;

constexpr std::chrono::seconds kLingers{1};

/// The status for a request that could not be read; 0 where nobody is left to be told.
int status_for(const Poco::Exception& error) {
  if (dynamic_cast<const Poco::TimeoutException*>(&error) != nullptr) return HTTPResponse::HTTP_REQUEST_TIMEOUT;
  if (dynamic_cast<const Poco::Net::MessageException*>(&error) != nullptr) return HTTPResponse::HTTP_BAD_REQUEST;
  if (dynamic_cast<const Poco::SyntaxException*>(&error) != nullptr) return HTTPResponse::HTTP_BAD_REQUEST;
  if (dynamic_cast<const Poco::DataException*>(&error) != nullptr) {
    return HTTPResponse::HTTP_REQUEST_HEADER_FIELDS_TOO_LARGE;
  }
  return 0;
}

int status_for(BodyEnd end) {
  switch (end) {
    case BodyEnd::complete:
      return 0;
    case BodyEnd::too_large:
      return HTTPResponse::HTTP_REQUEST_ENTITY_TOO_LARGE;
    case BodyEnd::refused:
      return HTTPResponse::HTTP_SERVICE_UNAVAILABLE;
    case BodyEnd::cut:
    case BodyEnd::malformed:
      break;
  }
  return HTTPResponse::HTTP_BAD_REQUEST;
}

/// The request without its body; a status to refuse it with, or 0.
int check_header(const HTTPRequest& request, const std::optional<Framing>& framing, IncomingRequest& incoming) {
  if (request.getVersion() != HTTPRequest::HTTP_1_1 && request.getVersion() != HTTPRequest::HTTP_1_0) {
    return request.getVersion().starts_with("HTTP/") ? HTTPResponse::HTTP_VERSION_NOT_SUPPORTED
                                                     : HTTPResponse::HTTP_BAD_REQUEST;
  }
  incoming.method = request.getMethod();
  incoming.target = request.getURI();
  if (Poco::icompare(incoming.target, 0, 4, "http") == 0) incoming.target = Poco::URI(incoming.target).getPathAndQuery();
  for (const auto& [name, value] : request) incoming.headers.add(name, value);
  const auto& fields = incoming.headers.fields();
  const auto hosts = std::count_if(fields.begin(), fields.end(), [](const auto& field) {
    return Poco::icompare(field.first, HTTPRequest::HOST) == 0;
  });
  if (!is_token(incoming.method) || !is_target(incoming.target) || !incoming.headers.well_formed() || hosts > 1 ||
      (hosts == 0 && request.getVersion() == HTTPRequest::HTTP_1_1) || !framing) {
    return HTTPResponse::HTTP_BAD_REQUEST;
  }
  if (request.has(HTTPRequest::EXPECT) && !request.getExpectContinue()) return HTTPResponse::HTTP_EXPECTATION_FAILED;
  return 0;
}

bool may_lack_body(const std::string& method) {
  return method != HTTPRequest::HTTP_POST && method != HTTPRequest::HTTP_PUT && method != HTTPRequest::HTTP_PATCH;
}

Answer refusal(int status) {
  Answer answer;
  answer.status = status;
  answer.headers.add("Content-Type", "text/plain; charset=utf-8");
  answer.body = std::to_string(status) + ' ' +
                HTTPResponse::getReasonForStatus(static_cast<HTTPResponse::HTTPStatus>(status)) + '\n';
  return answer;
}

bool is_own(const std::string& name) {
  return Poco::icompare(name, HTTPResponse::CONTENT_LENGTH) == 0 ||
         Poco::icompare(name, HTTPResponse::TRANSFER_ENCODING) == 0 ||
         Poco::icompare(name, HTTPResponse::CONNECTION) == 0;
}

}  // namespace

ServedConnection::ServedConnection(const Poco::Net::StreamSocket& socket, const Serving& serving)
    : TCPServerConnection(socket), serving_(serving), params_(new Poco::Net::HTTPServerParams) {
  params_->setKeepAlive(false);
  params_->setTimeout(Poco::Timespan(std::chrono::microseconds(serving.options.header_limit).count()));
}

void ServedConnection::expect_until(std::chrono::milliseconds limit) {
  TimedSocket::of(socket()).set_deadline(std::chrono::steady_clock::now() + limit);
}

void ServedConnection::run() {
  expect_until(serving_.options.header_limit);
  HTTPServerSession session(socket(), params_);
  // Before the session closes the descriptor.
  const std::shared_ptr<void> leaving(nullptr, [this](void*) { serving_.connections.leave(socket()); });
  try {
    if (!session.hasMoreRequests()) return;
    if (const int status = serve(session); status != 0) {
      HTTPServerResponseImpl response(session);
      response.setVersion(HTTPResponse::HTTP_1_1);
      expect_until(kLingers);
      send(refusal(status), response);
    }
    TimedSocket::of(socket()).linger(std::chrono::steady_clock::now() + kLingers);
  } catch (const Poco::Exception&) {
    // The peer has gone.
    return;
  }
}

int ServedConnection::serve(HTTPServerSession& session) {
  try {
    TimedSocket& timed = TimedSocket::of(socket());
    timed.set_allowance(serving_.options.largest_header);
    HTTPServerResponseImpl response(session);
    HTTPServerRequestImpl request(response, session, params_);
    timed.set_allowance(static_cast<std::size_t>(-1));
    IncomingRequest incoming;
    incoming.peer = request.clientAddress().host().toString();
    response.setVersion(HTTPResponse::HTTP_1_1);
    return timed.ended() ? HTTPResponse::HTTP_BAD_REQUEST : answer(session, request, incoming, response);
  } catch (const Poco::Exception& error) {
    // Poco's header reader covers up what went wrong underneath.
    return status_for(session.networkException() == nullptr ? error : *session.networkException());
  }
}

int ServedConnection::answer(HTTPServerSession& session, HTTPServerRequestImpl& request, IncomingRequest& incoming,
                             HTTPServerResponseImpl& response) {
  std::optional<Framing> framing = framing_of(request);
  if (const int status = check_header(request, framing, incoming); status != 0) return status;
  try {
    if (serving_.options.refuse_by_header) {
      if (const auto refused = serving_.options.refuse_by_header(incoming)) return send(*refused, response), 0;
    }
    if (framing->kind == Framing::Kind::until_close) {
      if (!may_lack_body(incoming.method)) return HTTPResponse::HTTP_LENGTH_REQUIRED;
      framing = Framing{.kind = Framing::Kind::sized};
    }
    if (framing->size > serving_.options.largest_body) return HTTPResponse::HTTP_REQUEST_ENTITY_TOO_LARGE;
    if (request.getExpectContinue()) response.sendContinue();
    expect_until(serving_.options.body_limit);
    BodyBudget::Share share(serving_.budget, socket().impl()->sockfd());
    const BodyEnd end = read_body(session, *framing, serving_.options.largest_body, incoming.body,
                                  [&](std::size_t bytes) { return share.grow(bytes); });
    if (!share.complete()) return HTTPResponse::HTTP_SERVICE_UNAVAILABLE;
    if (end != BodyEnd::complete) return status_for(end);
    if (!serving_.connections.begin_handling(socket())) return HTTPResponse::HTTP_SERVICE_UNAVAILABLE;
    const Answer made = serving_.handler(incoming);
    expect_until(serving_.options.body_limit);
    send(made, response);
    return 0;
  } catch (const Poco::Exception&) {
    throw;
  } catch (const std::exception&) {
    return HTTPResponse::HTTP_INTERNAL_SERVER_ERROR;
  }
}

void ServedConnection::send(const Answer& answer, HTTPServerResponseImpl& response) {
  if (answer.drop) return;
  if (answer.status < 200 || answer.status > 599 || !answer.headers.well_formed()) return send(refusal(500), response);
  response.setStatusAndReason(static_cast<HTTPResponse::HTTPStatus>(answer.status));
  response.setDate(Poco::Timestamp());
  response.setKeepAlive(false);
  for (const auto& [name, value] : answer.headers.fields()) {
    if (!is_own(name)) response.add(name, value);
  }
  if (answer.status != HTTPResponse::HTTP_NO_CONTENT && answer.status != HTTPResponse::HTTP_NOT_MODIFIED) {
    response.setContentLength64(static_cast<Poco::Int64>(answer.body.size()));
  }
  response.send().write(answer.body.data(), static_cast<std::streamsize>(answer.body.size())).flush();
}

}  // namespace flowship::net
