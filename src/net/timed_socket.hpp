#pragma once

#include "base/clock.hpp"

#include <Poco/Net/SecureStreamSocketImpl.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/Net/StreamSocketImpl.h>

#include <cstddef>
#include <functional>
#include <string>

namespace flowship::net {

/// What Poco's sockets lack: one deadline for everything. Poco's time-outs are per read and start anew with every byte.
/// The socket underneath never blocks; reads and writes wait for it, and throw Poco::TimeoutException at the deadline.
class TimedSocket {
 public:
  /// Of a socket that `open_socket`, `secure_socket` or `ListeningSocket` made.
  static TimedSocket& of(Poco::Net::Socket& socket);

  void set_deadline(Ticks deadline) { deadline_ = deadline; }
  Ticks deadline() const { return deadline_; }
  /// At most so many more bytes can be read; then reading throws Poco::DataException.
  void set_allowance(std::size_t bytes) { allowance_ = bytes; }
  /// Whether a read has met the end of what the peer sends.
  bool ended() const { return ended_; }
  /// Reads what has arrived without waiting, for the next reads; true when there is anything: bytes, an end, an error.
  bool read_ahead();
  /// While this is set, sending reads ahead, and throws Poco::IOException when it says that what came is an answer.
  void set_answer_check(std::function<bool(const std::string&)> is_answer) { is_answer_ = std::move(is_answer); }
  /// Waits for events of poll(2). Throws Poco::TimeoutException.
  void wait(short events) const;
  /// Says that nothing more will be sent, and discards input until the peer has closed too: closing with unread input
  /// would reset the connection, and the peer might lose what was sent.
  void linger(Ticks deadline);

 protected:
  virtual ~TimedSocket() = default;
  int send(const char* data, int size);
  int receive(char* data, int size);
  /// How many bytes went, or the negated events of poll(2) that have to be waited for.
  virtual int try_send(const char* data, int size) = 0;
  virtual int try_receive(char* data, int size) = 0;
  virtual void finish_sending() = 0;
  virtual int fd() const = 0;

 private:
  bool late() const;

  Ticks deadline_ = Ticks::max();
  std::size_t allowance_ = static_cast<std::size_t>(-1);
  std::string ahead_;
  bool ended_ = false;
  std::function<bool(const std::string&)> is_answer_;
};

class TimedPlainSocket final : public Poco::Net::StreamSocketImpl, public TimedSocket {
 public:
  /// Takes over a connected descriptor, or connects later.
  explicit TimedPlainSocket(poco_socket_t connected = POCO_INVALID_SOCKET);
  int sendBytes(const void* data, int size, int flags) override;
  int receiveBytes(void* data, int size, int flags) override;

 private:
  ~TimedPlainSocket() override = default;
  int try_send(const char* data, int size) override;
  int try_receive(char* data, int size) override;
  void finish_sending() override;
  int fd() const override { return sockfd(); }
};

class TimedTlsSocket final : public Poco::Net::SecureStreamSocketImpl, public TimedSocket {
 public:
  enum class Side { client, server };
  /// The handshake of a server takes place with the first read.
  TimedTlsSocket(TimedPlainSocket* plain, const Poco::Net::Context::Ptr& context, Side side, const std::string& name);
  /// As a client.
  void shake_hands();
  int sendBytes(const void* data, int size, int flags) override;
  int receiveBytes(void* data, int size, int flags) override;

 private:
  ~TimedTlsSocket() override = default;
  int try_send(const char* data, int size) override;
  int try_receive(char* data, int size) override;
  void finish_sending() override;
  int fd() const override { return sockfd(); }
};

}  // namespace flowship::net
