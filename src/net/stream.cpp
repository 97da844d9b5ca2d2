#include "net/stream.hpp"

#include "base/error.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <sys/socket.h>

namespace flowship::net {

namespace {

// OpenSSL writes with plain write(2). Poco blocks SIGPIPE at load time for the threads that follow; this makes sure.
void block_sigpipe() {
  thread_local bool blocked = false;
  if (!blocked) {
    sigset_t pipe_only;
    sigemptyset(&pipe_only);
    sigaddset(&pipe_only, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_only, nullptr);
    blocked = true;
  }
}

}  // namespace

void Stream::Free::operator()(ssl_st* ssl) const { SSL_free(ssl); }

Stream::Stream(const Poco::Net::StreamSocket& socket) : socket_(socket) {
  socket_.setBlocking(false);
  socket_.setNoDelay(true);
  // The program starts git as a child, which must not inherit connections.
  ::fcntl(fd(), F_SETFD, FD_CLOEXEC);
}

int Stream::fd() const { return socket_.impl()->sockfd(); }

void Stream::secure(ssl_ctx_st* context, Side side, const std::string& server_name) {
  ssl_.reset(SSL_new(context));
  if (!ssl_ || SSL_set_fd(ssl_.get(), fd()) != 1) {
    throw Error("cannot set up TLS for a connection");
  }
  SSL_set_mode(ssl_.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  if (side == Side::server) {
    SSL_set_accept_state(ssl_.get());
    return;
  }
  SSL_set_connect_state(ssl_.get());
  if (!server_name.empty()) {
    SSL_set_tlsext_host_name(ssl_.get(), server_name.c_str());
  }
}

Io Stream::outcome(int result) {
  const int saved = errno;
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return Io::wants_read;
    case SSL_ERROR_WANT_WRITE:
      return Io::wants_write;
    case SSL_ERROR_ZERO_RETURN:
      return Io::ended;
    case SSL_ERROR_SSL: {
      const char* text = ERR_reason_error_string(ERR_peek_last_error());
      reason_ = text != nullptr ? text : "protocol error";
      break;
    }
    default:
      reason_ = saved == ECONNRESET ? "connection reset" : "connection closed";
  }
  return Io::broken;
}

Io Stream::handshake() {
  block_sigpipe();
  ERR_clear_error();
  const int result = SSL_do_handshake(ssl_.get());
  return result == 1 ? Io::done : outcome(result);
}

Io Stream::read(char* buffer, std::size_t size, std::size_t& taken) {
  taken = 0;
  if (ssl_) {
    block_sigpipe();
    ERR_clear_error();
    const int result = SSL_read_ex(ssl_.get(), buffer, size, &taken);
    return result == 1 ? Io::done : outcome(result);
  }
  ssize_t count = 0;
  do {
    count = ::recv(fd(), buffer, size, 0);
  } while (count < 0 && errno == EINTR);
  if (count > 0) {
    taken = static_cast<std::size_t>(count);
    return Io::done;
  }
  if (count == 0) {
    return Io::ended;
  }
  return errno == EAGAIN || errno == EWOULDBLOCK ? Io::wants_read : Io::broken;
}

Io Stream::write(std::string_view bytes, std::size_t& taken) {
  taken = 0;
  if (ssl_) {
    block_sigpipe();
    ERR_clear_error();
    const int result = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &taken);
    return result == 1 ? Io::done : outcome(result);
  }
  ssize_t count = 0;
  do {
    count = ::send(fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  } while (count < 0 && errno == EINTR);
  if (count >= 0) {
    taken = static_cast<std::size_t>(count);
    return Io::done;
  }
  return errno == EAGAIN || errno == EWOULDBLOCK ? Io::wants_write : Io::broken;
}

bool Stream::holds_bytes() const { return ssl_ && SSL_pending(ssl_.get()) > 0; }

void Stream::finish_writing() {
  if (ssl_ && SSL_is_init_finished(ssl_.get()) != 0) {
    block_sigpipe();
    ERR_clear_error();
    SSL_shutdown(ssl_.get());
  }
  ::shutdown(fd(), SHUT_WR);
}

long Stream::verify_result() const { return ssl_ ? SSL_get_verify_result(ssl_.get()) : X509_V_OK; }

}  // namespace flowship::net
