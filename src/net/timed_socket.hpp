#pragma once

#include "base/clock.hpp"
#include "base/stop.hpp"

#include <Poco/Net/SecureStreamSocketImpl.h>
#include <Poco/Net/StreamSocket.h>

#include <chrono>
#include <functional>
#include <string>

namespace flowship::net {

/// How often whatever waits looks for a stop.
constexpr std::chrono::milliseconds kStopInterval{100};

/// What Poco's sockets lack: one deadline for everything. Poco's time-outs start anew with every byte. The socket
/// underneath never blocks; reads and writes wait for it, and throw Poco::TimeoutException at the deadline.
class TimedSocket {
 public:
  /// Of a socket that `dial`, `shake_hands` or a `Server` made.
  static TimedSocket& of(const Poco::Net::Socket& socket);

  Ticks deadline = Ticks::max();
  /// Once it is requested, waiting ends as at the deadline; null: never.
  const StopSignal* until = nullptr;
  /// So many more bytes can be read; then reading throws Poco::DataException.
  std::size_t allowance = std::string::npos;
  /// While it is set, sending reads ahead, and throws Poco::IOException once what came is an answer.
  std::function<bool(const std::string&)> is_answer;

  /// Whether a read has met the end of what the peer sends.
  bool ended() const { return ended_; }
  /// Reads what has arrived, for the next reads; true when there is anything: bytes, an end, an error.
  bool read_ahead();
  /// Waits for events of poll(2).
  void wait(short events) const;
  /// Sends the end, and discards input until the peer has closed too: closing with unread input would reset the
  /// connection, and the peer might lose what was sent.
  void linger() const;

 protected:
  ~TimedSocket() = default;
  int send(const char* data, int size);
  int receive(char* data, int size);
  /// How many bytes went, or one of Poco's codes for what has to be waited for.
  virtual int try_send(const char* data, int size) = 0;
  virtual int try_receive(char* data, int size) = 0;
  virtual int descriptor() const = 0;

 private:
  std::string ahead_;
  bool ended_ = false;
};

template <class Base>
class Timed : public Base, public TimedSocket {
 public:
  using Base::Base;
  int sendBytes(const void* data, int size, int) override { return send(static_cast<const char*>(data), size); }
  int receiveBytes(void* data, int size, int) override { return receive(static_cast<char*>(data), size); }

 private:
  int try_send(const char* data, int size) override { return Base::sendBytes(data, size, MSG_NOSIGNAL); }
  int try_receive(char* data, int size) override { return Base::receiveBytes(data, size); }
  int descriptor() const override { return Base::sockfd(); }
};

using TimedPlainSocket = Timed<Poco::Net::StreamSocketImpl>;

class TimedTlsSocket : public Timed<Poco::Net::SecureStreamSocketImpl> {
 public:
  using Timed::Timed;
  /// As a client, of a server with that name (empty for an address).
  void shake_hands(const std::string& name);
  /// As a server, with the first read.
  void expect_handshake() { acceptSSL(); }
};

}  // namespace flowship::net
