#pragma once

#include <Poco/Net/StreamSocket.h>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

struct ssl_st;
struct ssl_ctx_st;

namespace flowship::net {

/// How far a step on a non-blocking stream came. `ended` is an orderly end (with TLS: a close_notify), `broken` any
/// other.
enum class Io { done, wants_read, wants_write, ended, broken };

/// A connected socket, with or without TLS, that never blocks. TLS is driven here rather than by Poco's
/// SecureStreamSocket, whose time-outs are per step and many times what was set.
class Stream {
 public:
  enum class Side { client, server };

  explicit Stream(const Poco::Net::StreamSocket& socket);
  /// From now on speaks TLS; `handshake` has to be called until it is done. `server_name` is sent as SNI unless empty.
  void secure(ssl_ctx_st* context, Side side, const std::string& server_name = {});
  bool secured() const { return ssl_ != nullptr; }

  Io handshake();
  /// `taken` is how many bytes came or went when the result is `done`.
  Io read(char* buffer, std::size_t size, std::size_t& taken);
  Io write(std::string_view bytes, std::size_t& taken);
  /// Whether bytes wait inside TLS that `poll` on the socket can't see.
  bool holds_bytes() const;
  /// Tells the peer that nothing more will be sent.
  void finish_writing();

  int fd() const;
  /// What OpenSSL said about the last failed handshake.
  const std::string& reason() const { return reason_; }
  long verify_result() const;

 private:
  struct Free {
    void operator()(ssl_st* ssl) const;
  };
  Io outcome(int result);

  Poco::Net::StreamSocket socket_;
  std::unique_ptr<ssl_st, Free> ssl_;
  std::string reason_;
};

}  // namespace flowship::net
