#include "net/timed_socket.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/SecureStreamSocket.h>
#include <openssl/err.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <poll.h>
#include <sys/socket.h>

namespace flowship::net {

namespace {

short events_for(int code) { return code == Poco::Net::SecureStreamSocket::ERR_SSL_WANT_WRITE ? POLLOUT : POLLIN; }

}  // namespace

TimedSocket& TimedSocket::of(const Poco::Net::Socket& socket) { return dynamic_cast<TimedSocket&>(*socket.impl()); }

void TimedSocket::wait(short events) const {
  const std::chrono::milliseconds longest = until == nullptr ? std::chrono::minutes(1) : kStopInterval;
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0 || (until != nullptr && until->requested())) throw Poco::TimeoutException();
    pollfd watched{descriptor(), events, 0};
    const int ready = ::poll(&watched, 1, static_cast<int>(std::min(left, longest).count()));
    // What is wrong with a descriptor shows in the next read or write.
    if (ready > 0 || (ready < 0 && errno != EINTR)) return;
  }
}

int TimedSocket::send(const char* data, int size) {
  for (int sent = 0; sent < size;) {
    if (std::chrono::steady_clock::now() >= deadline) throw Poco::TimeoutException();
    int count = Poco::Net::SecureStreamSocket::ERR_SSL_WANT_WRITE;
    try {
      ERR_clear_error();  // Others may have left some on this thread.
      count = try_send(data + sent, size - sent);
    } catch (const Poco::IOException& error) {
      if (error.code() != EWOULDBLOCK) throw;
    }
    sent += std::max(count, 0);
    if (count > 0) continue;
    if (is_answer && read_ahead() && (ended_ || is_answer(ahead_))) throw Poco::IOException("answered early");
    wait(static_cast<short>(events_for(count) | (is_answer ? POLLIN : 0)));
  }
  return size;
}

int TimedSocket::receive(char* data, int size) {
  if (!ahead_.empty()) {
    const std::size_t count = ahead_.copy(data, static_cast<std::size_t>(size));
    ahead_.erase(0, count);
    ended_ = false;  // An end that came behind these bytes is met again.
    return static_cast<int>(count);
  }
  if (allowance == 0) throw Poco::DataException("it does not end");
  size = static_cast<int>(std::min(static_cast<std::size_t>(size), allowance));
  while (std::chrono::steady_clock::now() < deadline) {
    ERR_clear_error();
    const int count = try_receive(data, size);
    if (count < 0) {
      wait(events_for(count));
      continue;
    }
    ended_ = count == 0;
    allowance -= static_cast<std::size_t>(count);
    return count;
  }
  throw Poco::TimeoutException();
}

bool TimedSocket::read_ahead() {
  try {
    std::array<char, 4096> piece;
    ERR_clear_error();
    const int count = try_receive(piece.data(), static_cast<int>(piece.size()));
    ended_ = count == 0;
    ahead_.append(piece.data(), static_cast<std::size_t>(std::max(count, 0)));
    return count >= 0;
  } catch (const Poco::Exception&) {
    return ended_ = true;
  }
}

void TimedSocket::linger() const {
  ::shutdown(descriptor(), SHUT_WR);
  std::array<char, 16384> piece;
  do {
    wait(POLLIN);
  } while (::recv(descriptor(), piece.data(), piece.size(), MSG_DONTWAIT) > 0);
}

void TimedTlsSocket::shake_hands(const std::string& name) {
  setPeerHostName(name);
  connectSSL();
  while (true) {
    ERR_clear_error();
    const int code = completeHandshake();
    if (code > 0) return;
    if (code == 0) throw Poco::IOException("connection closed");
    wait(events_for(code));
  }
}

}  // namespace flowship::net
