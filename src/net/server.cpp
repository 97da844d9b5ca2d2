#include "net/server.hpp"

#include "base/error.hpp"
#include "net/served_connection.hpp"
#include "net/timed_socket.hpp"
#include "net/tls.hpp"
#include "net/url.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/ServerSocketImpl.h>
#include <Poco/Net/TCPServerConnectionFactory.h>
#include <Poco/Net/TCPServerParams.h>
#include <Poco/ThreadPool.h>

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <sys/socket.h>

namespace flowship::net {

namespace {

using std::chrono::milliseconds;

constexpr int kMostWaiting = 512;
/// Or Poco's thread that accepts would spin while there is no descriptor left.
constexpr long kRestAfterFailure_ms = 50;

/// Accepts connections as timed sockets.
class ListeningSocketImpl : public Poco::Net::ServerSocketImpl {
 public:
  explicit ListeningSocketImpl(Poco::Net::Context::Ptr context) : context_(std::move(context)) {}

  Poco::Net::SocketImpl* acceptConnection(Poco::Net::SocketAddress&) override {
    const int fd = ::accept4(sockfd(), nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) {
      if (errno != ECONNABORTED && errno != EINVAL) Poco::Thread::sleep(kRestAfterFailure_ms);
      error();
    }
    auto* const plain = new TimedPlainSocket(fd);
    if (!context_) return plain;
    const Poco::Net::StreamSocket owner(plain);
    return new TimedTlsSocket(plain, context_, TimedTlsSocket::Side::server, "");
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
      listen(kMostWaiting);
    } catch (const Poco::Exception& error) {
      throw Error("cannot listen on " + options.address + ':' + std::to_string(options.port) + ": " +
                      error.displayText(),
                  "choose another port, or stop what holds this one");
    }
    ::fcntl(impl()->sockfd(), F_SETFD, FD_CLOEXEC);
  }
};

class ConnectionFactory : public Poco::Net::TCPServerConnectionFactory {
 public:
  explicit ConnectionFactory(const Serving& serving) : serving_(serving) {}
  Poco::Net::TCPServerConnection* createConnection(const Poco::Net::StreamSocket& socket) override {
    return new ServedConnection(socket, serving_);
  }

 private:
  const Serving& serving_;
};

/// Null without TLS.
Poco::Net::Context::Ptr context_of(const ServerOptions& options) {
  if (options.certificate_file.empty() != options.key_file.empty()) {
    throw usage_error("a server needs both a certificate and its key", "give both files, or none");
  }
  return options.certificate_file.empty() ? nullptr : server_context(options.certificate_file, options.key_file);
}

/// While this lives, threads that are started see no signal: those are for the program's own.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before_);
  }
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_{};
};

}  // namespace

class Server::Impl {
 public:
  Impl(ServerOptions options, Handler handler)
      : options_(std::move(options)),
        handler_(std::move(handler)),
        budget_(options_.most_held),
        connections_(new Connections(options_)),
        socket_(options_, context_of(options_)),
        port_(socket_.address().port()),
        // A thread that has just ended its connection may not be back yet when the next one comes.
        threads_(2, static_cast<int>(options_.most_connections) * 2) {
    const auto most = static_cast<int>(options_.most_connections);
    Poco::Net::TCPServerParams::Ptr params = new Poco::Net::TCPServerParams;
    params->setMaxThreads(most);
    params->setMaxQueued(most);
    params->setThreadIdleTime(Poco::Timespan(0, 250'000));
    server_ = std::make_unique<Poco::Net::TCPServer>(new ConnectionFactory(serving_), threads_, socket_, params);
    server_->setConnectionFilter(connections_);
    server_->start();
  }

  ~Impl() {
    stop(milliseconds(0));
    server_.reset();
    // Handlers that still run use what the owner holds, so they are waited for; their answers go nowhere.
    threads_.joinAll();
  }

  std::uint16_t port() const { return port_; }
  std::string url() const {
    const Url url{.secure = !options_.certificate_file.empty(), .host = options_.address, .port = port_, .prefix = {}};
    return (url.secure ? "https://" : "http://") + url.authority();
  }

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
  BodyBudget budget_;
  Poco::AutoPtr<Connections> connections_;
  const Serving serving_{options_, handler_, *connections_, budget_};
  ListeningSocket socket_;
  const std::uint16_t port_;
  std::mutex stop_mutex_;
  Poco::ThreadPool threads_;
  std::unique_ptr<Poco::Net::TCPServer> server_;
};

Server::Server(ServerOptions options, Handler handler) {
  const SignalsBlocked blocked;
  impl_ = std::make_unique<Impl>(std::move(options), std::move(handler));
}
Server::~Server() = default;

std::uint16_t Server::port() const { return impl_->port(); }
std::string Server::url() const { return impl_->url(); }
void Server::stop(milliseconds grace) { impl_->stop(grace); }

}  // namespace flowship::net
