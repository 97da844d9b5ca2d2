#include "net/timed_socket.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/SecureStreamSocket.h>
#include <openssl/err.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <poll.h>
#include <sys/socket.h>

namespace flowship::net {

namespace {

using Poco::Net::SecureStreamSocket;

/// OpenSSL writes with plain write(2), and looks at errors of this thread that others may have left behind.
void prepare_openssl() {
  thread_local const bool blocked = [] {
    sigset_t pipe_only;
    sigemptyset(&pipe_only);
    sigaddset(&pipe_only, SIGPIPE);
    return pthread_sigmask(SIG_BLOCK, &pipe_only, nullptr) == 0;
  }();
  static_cast<void>(blocked);
  ERR_clear_error();
}

int awaited(int code) {
  if (code == SecureStreamSocket::ERR_SSL_WANT_READ) return -POLLIN;
  return code == SecureStreamSocket::ERR_SSL_WANT_WRITE ? -POLLOUT : code;
}

}  // namespace

TimedSocket& TimedSocket::of(Poco::Net::Socket& socket) { return dynamic_cast<TimedSocket&>(*socket.impl()); }

bool TimedSocket::late() const { return std::chrono::steady_clock::now() >= deadline_; }

void TimedSocket::wait(short events) const {
  while (!late()) {
    constexpr std::chrono::milliseconds kLongest{60'000};
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline_ - std::chrono::steady_clock::now());
    pollfd watched{fd(), events, 0};
    const int ready = ::poll(&watched, 1, static_cast<int>(std::clamp(left, {}, kLongest).count()));
    // What is wrong with a descriptor shows in the next read or write.
    if (ready > 0 || (ready < 0 && errno != EINTR)) return;
  }
  throw Poco::TimeoutException();
}

int TimedSocket::send(const char* data, int size) {
  for (int sent = 0; sent < size;) {
    if (late()) throw Poco::TimeoutException();
    const int count = try_send(data + sent, size - sent);
    if (count > 0) {
      sent += count;
      continue;
    }
    if (is_answer_ && read_ahead() && (ended_ || is_answer_(ahead_))) throw Poco::IOException("answered early");
    wait(static_cast<short>(-count | (is_answer_ ? POLLIN : 0)));
  }
  return size;
}

int TimedSocket::receive(char* data, int size) {
  if (!ahead_.empty()) {
    const std::size_t count = ahead_.copy(data, static_cast<std::size_t>(size));
    ahead_.erase(0, count);
    // An end that came behind these bytes is met again.
    ended_ = false;
    return static_cast<int>(count);
  }
  if (allowance_ == 0) throw Poco::DataException("too much");
  size = static_cast<int>(std::min(static_cast<std::size_t>(size), allowance_));
  while (!late()) {
    const int count = try_receive(data, size);
    if (count >= 0) {
      ended_ = count == 0;
      allowance_ -= static_cast<std::size_t>(count);
      return count;
    }
    wait(static_cast<short>(-count));
  }
  throw Poco::TimeoutException();
}

bool TimedSocket::read_ahead() {
  try {
    std::array<char, 4096> piece;
    const int count = try_receive(piece.data(), static_cast<int>(piece.size()));
    ended_ = count == 0;
    if (count > 0) ahead_.append(piece.data(), static_cast<std::size_t>(count));
    return count >= 0;
  } catch (const Poco::Exception&) {
    // The next read meets it again.
    return ended_ = true;
  }
}

void TimedSocket::linger(Ticks deadline) {
  set_deadline(deadline);
  finish_sending();
  ::shutdown(fd(), SHUT_WR);
  std::array<char, 16384> piece;
  while (!late()) {
    wait(POLLIN);
    if (::recv(fd(), piece.data(), piece.size(), MSG_DONTWAIT) <= 0) return;
  }
}

TimedPlainSocket::TimedPlainSocket(poco_socket_t connected) : StreamSocketImpl(connected) {
  if (connected != POCO_INVALID_SOCKET) setBlocking(false);
}

int TimedPlainSocket::sendBytes(const void* data, int size, int) { return send(static_cast<const char*>(data), size); }

int TimedPlainSocket::receiveBytes(void* data, int size, int) { return receive(static_cast<char*>(data), size); }

int TimedPlainSocket::try_send(const char* data, int size) {
  const auto count = ::send(fd(), data, static_cast<std::size_t>(size), MSG_NOSIGNAL);
  if (count < 0 && errno != EAGAIN && errno != EINTR) error(errno);
  return count < 0 ? -POLLOUT : static_cast<int>(count);
}

int TimedPlainSocket::try_receive(char* data, int size) {
  const int count = StreamSocketImpl::receiveBytes(data, size);
  return count < 0 ? -POLLIN : count;
}

void TimedPlainSocket::finish_sending() {}

TimedTlsSocket::TimedTlsSocket(TimedPlainSocket* plain, const Poco::Net::Context::Ptr& context, Side side,
                               const std::string& name)
    : SecureStreamSocketImpl(plain, context) {
  setPeerHostName(name);
  if (side == Side::server) {
    acceptSSL();
  } else {
    connectSSL();
  }
}

void TimedTlsSocket::shake_hands() {
  while (true) {
    prepare_openssl();
    const int code = completeHandshake();
    if (code > 0) return;
    if (code == 0) throw Poco::IOException("connection closed");
    wait(static_cast<short>(-awaited(code)));
  }
}

int TimedTlsSocket::sendBytes(const void* data, int size, int) { return send(static_cast<const char*>(data), size); }

int TimedTlsSocket::receiveBytes(void* data, int size, int) { return receive(static_cast<char*>(data), size); }

int TimedTlsSocket::try_send(const char* data, int size) {
  prepare_openssl();
  return awaited(SecureStreamSocketImpl::sendBytes(data, size));
}

int TimedTlsSocket::try_receive(char* data, int size) {
  prepare_openssl();
  return awaited(SecureStreamSocketImpl::receiveBytes(data, size));
}

void TimedTlsSocket::finish_sending() {
  prepare_openssl();
  SecureStreamSocketImpl::shutdown();
}

}  // namespace flowship::net
