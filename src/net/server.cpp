#include "net/server.hpp"

#include "base/error.hpp"
#include "net/body.hpp"
#include "net/connections.hpp"
#include "net/timed_socket.hpp"
#include "net/tls.hpp"
#include "net/url.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/HTTPServerRequestImpl.h>
#include <Poco/Net/HTTPServerResponseImpl.h>
#include <Poco/Net/HTTPServerSession.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/ServerSocketImpl.h>
#include <Poco/Net/TCPServerConnection.h>
#include <Poco/Net/TCPServerConnectionFactory.h>
#include <Poco/String.h>
#include <Poco/ThreadPool.h>
#include <Poco/Timestamp.h>
#include <Poco/URI.h>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/socket.h>

namespace flowship::net {

namespace {

using Poco::Net::HTTPRequest;
using Poco::Net::HTTPResponse;
using Poco::Net::HTTPServerRequestImpl;
using Poco::Net::HTTPServerResponseImpl;
using Poco::Net::HTTPServerSession;
using Poco::Net::StreamSocket;
using std::chrono::milliseconds;

constexpr int kBacklog = 512;
constexpr std::chrono::seconds kFarewell{1};
/// Or the thread that accepts would spin while no descriptor is left.
constexpr long kPauseAfterFailure_ms = 50;

/// Accepts connections as timed sockets, with TLS unless `context` is null.
class ListeningSocketImpl : public Poco::Net::ServerSocketImpl {
 public:
  explicit ListeningSocketImpl(Poco::Net::Context::Ptr context) : context_(std::move(context)) {}

  Poco::Net::SocketImpl* acceptConnection(Poco::Net::SocketAddress&) override {
    const int fd = ::accept4(sockfd(), nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) {
      if (errno != ECONNABORTED && errno != EINVAL) Poco::Thread::sleep(kPauseAfterFailure_ms);
      error();
    }
    auto* const plain = new TimedPlainSocket(fd);
    plain->setBlocking(false);
    if (!context_) return plain;
    const StreamSocket shared(plain);
    auto* const secure = new TimedTlsSocket(plain, context_);
    secure->expect_handshake();
    return secure;
  }

 private:
  const Poco::Net::Context::Ptr context_;
};

class ListeningSocket : public Poco::Net::ServerSocket {
 public:
  ListeningSocket(const ServerOptions& options, const Poco::Net::Context::Ptr& context)
      : ServerSocket(new ListeningSocketImpl(context), true) {
    try {
      bind(Poco::Net::SocketAddress(options.address, options.port), true, false);
      listen(kBacklog);
    } catch (const Poco::Exception& error) {
      throw Error(
          "cannot listen on " + options.address + ':' + std::to_string(options.port) + ": " + error.displayText(),
          "choose another port, or stop what holds this one");
    }
    ::fcntl(impl()->sockfd(), F_SETFD, FD_CLOEXEC);
  }
};

template <class Kind>
bool is(const Poco::Exception& error) {
  return dynamic_cast<const Kind*>(&error) != nullptr;
}

/// The status for a request that could not be read; 0 where nobody is left to be told.
int status_for(const Poco::Exception& error) {
  if (is<Poco::TimeoutException>(error)) return 408;
  if (is<Poco::Net::MessageException>(error) || is<Poco::SyntaxException>(error)) return 400;
  return is<Poco::DataException>(error) ? 431 : 0;
}

int status_for(BodyEnd end) {
  if (end == BodyEnd::too_large) return 413;
  return end == BodyEnd::refused ? 503 : 400;
}

/// Fills in the request without its body; a status to refuse it with, or 0.
int check_header(const HTTPRequest& request, IncomingRequest& incoming) {
  if (request.getVersion() != HTTPRequest::HTTP_1_1 && request.getVersion() != HTTPRequest::HTTP_1_0) return 505;
  incoming.method = request.getMethod();
  incoming.target = request.getURI();
  if (!incoming.target.starts_with('/')) incoming.target = Poco::URI(incoming.target).getPathAndQuery();
  for (const auto& [name, value] : request) incoming.headers.add(name, value);
  const auto& fields = incoming.headers.fields();
  const auto hosts = std::count_if(fields.begin(), fields.end(), [](const auto& field) {
    return Poco::icompare(field.first, HTTPRequest::HOST) == 0;
  });
  const bool needs_host = request.getVersion() == HTTPRequest::HTTP_1_1;
  if (!is_token(incoming.method) || !is_target(incoming.target) || !incoming.headers.well_formed() || hosts > 1 ||
      (needs_host && hosts == 0)) {
    return 400;
  }
  return request.has(HTTPRequest::EXPECT) && !request.getExpectContinue() ? 417 : 0;
}

std::string reason_of(int status) {
  return HTTPResponse::getReasonForStatus(static_cast<HTTPResponse::HTTPStatus>(status));
}

Answer refusal(int status) {
  Answer answer;
  answer.status = status;
  answer.headers.add("Content-Type", "text/plain; charset=utf-8");
  answer.body = std::to_string(status) + ' ' + reason_of(status) + '\n';
  return answer;
}

void send(const Answer& answer, HTTPServerResponseImpl& response) {
  if (answer.drop) return;
  if (answer.status < 200 || answer.status > 599 || !answer.headers.well_formed()) return send(refusal(500), response);
  response.setStatusAndReason(static_cast<HTTPResponse::HTTPStatus>(answer.status));
  response.setDate(Poco::Timestamp());
  for (const auto& [name, value] : answer.headers.fields()) response.add(name, value);
  response.erase(HTTPResponse::TRANSFER_ENCODING);
  response.setKeepAlive(false);
  if (answer.status != HTTPResponse::HTTP_NO_CONTENT && answer.status != HTTPResponse::HTTP_NOT_MODIFIED) {
    response.setContentLength64(static_cast<Poco::Int64>(answer.body.size()));
  }
  response.send().write(answer.body.data(), static_cast<std::streamsize>(answer.body.size())).flush();
}

/// One connection, for one request: Poco reads and writes, and the limits are between its steps.
class Connection : public Poco::Net::TCPServerConnection {
 public:
  Connection(const StreamSocket& socket, const ServerOptions& options, const Server::Handler& handler,
             Connections& connections)
      : TCPServerConnection(socket), options_(options), handler_(handler), connections_(connections) {
    params_->setKeepAlive(false);
    params_->setTimeout(Poco::Timespan(std::chrono::microseconds(options.header_limit).count()));
  }

  void run() override {
    end_after(options_.header_limit);
    HTTPServerSession session(socket(), params_);
    // Before the session closes the descriptor.
    const std::shared_ptr<void> leaving(nullptr, [this](void*) { connections_.leave(socket()); });
    try {
      if (!session.hasMoreRequests()) return;
      if (const int status = serve(session); status != 0) {
        end_after(kFarewell);
        HTTPServerResponseImpl response(session);
        response.setVersion(HTTPResponse::HTTP_1_1);
        send(options_.refusal ? options_.refusal(status, reason_of(status)) : refusal(status), response);
      }
      connections_.finish_handling(socket());
      end_after(kFarewell);
      TimedSocket::of(socket()).linger();
    } catch (const Poco::Exception&) {
      return;  // The peer has gone.
    }
  }

 private:
  /// Reads a request and answers it; a status to refuse it with, or 0 when all is done.
  int serve(HTTPServerSession& session) {
    try {
      TimedSocket::of(socket()).allowance = options_.largest_header;
      HTTPServerResponseImpl response(session);
      response.setVersion(HTTPResponse::HTTP_1_1);
      HTTPServerRequestImpl request(response, session, params_);
      TimedSocket::of(socket()).allowance = std::string::npos;
      return TimedSocket::of(socket()).ended() ? 400 : answer(session, request, response);
    } catch (const Poco::Exception& error) {
      // Poco's header reader covers up what went wrong underneath.
      return status_for(session.networkException() == nullptr ? error : *session.networkException());
    } catch (const std::exception&) {
      return 500;
    }
  }

  int answer(HTTPServerSession& session, HTTPServerRequestImpl& request, HTTPServerResponseImpl& response) {
    IncomingRequest incoming;
    incoming.peer = request.clientAddress().host().toString();
    if (const int status = check_header(request, incoming); status != 0) return status;
    std::optional<Framing> framing = framing_of(request);
    if (!framing) return 400;
    if (const auto refused = options_.refuse_by_header ? options_.refuse_by_header(incoming) : std::nullopt) {
      send(*refused, response);
      return 0;
    }
    if (framing->kind == Framing::Kind::until_close) {
      const std::string& method = incoming.method;
      if (method == "POST" || method == "PUT" || method == "PATCH") return 411;
      framing = Framing{.kind = Framing::Kind::sized};
    }
    if (framing->size > options_.largest_body) return 413;
    if (request.getExpectContinue()) response.sendContinue();
    end_after(options_.body_limit);
    const BodyEnd end = read_body(session, *framing, options_.largest_body, incoming.body,
                                  [this](std::size_t bytes) { return connections_.grow(socket(), bytes); });
    if (end != BodyEnd::complete) return status_for(connections_.grow(socket(), 0) ? end : BodyEnd::refused);
    if (!connections_.begin_handling(socket())) return 503;
    Answer made;
    try {
      made = handler_(incoming);
    } catch (const std::exception&) {
      made = refusal(500);
    }
    end_after(options_.body_limit);
    send(made, response);
    return 0;
  }

  void end_after(milliseconds limit) { TimedSocket::of(socket()).deadline = std::chrono::steady_clock::now() + limit; }

  const ServerOptions& options_;
  const Server::Handler& handler_;
  Connections& connections_;
  Poco::Net::HTTPServerParams::Ptr params_ = new Poco::Net::HTTPServerParams;
};

struct ConnectionFactory : Poco::Net::TCPServerConnectionFactory {
  std::function<Connection*(const StreamSocket&)> create;
  Poco::Net::TCPServerConnection* createConnection(const StreamSocket& socket) override { return create(socket); }
};

}  // namespace

class Server::Impl {
 public:
  Impl(ServerOptions options, Handler handler)
      : options_(std::move(options)),
        handler_(std::move(handler)),
        connections_(new Connections(options_)),
        socket_(options_, server_context(options_.certificate_file, options_.key_file)),
        url_{!options_.certificate_file.empty(), options_.address, socket_.address().port(), {}},
        // A thread that has just ended its connection may not be back yet when the next one comes.
        threads_(2, static_cast<int>(options_.most_connections) * 2) {
    Poco::Net::TCPServerParams::Ptr params = new Poco::Net::TCPServerParams;
    params->setMaxThreads(static_cast<int>(options_.most_connections));
    params->setMaxQueued(static_cast<int>(options_.most_connections));
    params->setThreadIdleTime(Poco::Timespan(0, 250'000));
    auto* const factory = new ConnectionFactory;
    factory->create = [this](const StreamSocket& socket) {
      return new Connection(socket, options_, handler_, *connections_);
    };
    server_ = std::make_unique<Poco::Net::TCPServer>(factory, threads_, socket_, params);
    server_->setConnectionFilter(connections_);
    server_->start();
  }

  ~Impl() {
    stop(milliseconds(0));
    server_.reset();
    // Handlers that still run use what the owner holds, so they are waited for; their answers go nowhere.
    threads_.joinAll();
  }

  const Url& url() const { return url_; }

  void stop(milliseconds grace) {
    const Ticks deadline = std::chrono::steady_clock::now() + grace;
    const std::lock_guard lock(stop_mutex_);
    // Wakes the thread that accepts, and refuses whoever connects from now on.
    ::shutdown(socket_.impl()->sockfd(), SHUT_RDWR);
    server_->stop();
    connections_->stop(deadline);
  }

 private:
  const ServerOptions options_;
  const Handler handler_;
  Poco::AutoPtr<Connections> connections_;
  ListeningSocket socket_;
  const Url url_;
  std::mutex stop_mutex_;
  Poco::ThreadPool threads_;
  std::unique_ptr<Poco::Net::TCPServer> server_;
};

Server::Server(ServerOptions options, Handler handler)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(handler))) {}
Server::~Server() = default;

std::uint16_t Server::port() const { return impl_->url().port; }
std::string Server::url() const { return (impl_->url().secure ? "https://" : "http://") + impl_->url().authority(); }
void Server::stop(milliseconds grace) { impl_->stop(grace); }

}  // namespace flowship::net
