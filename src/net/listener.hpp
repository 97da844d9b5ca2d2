#pragma once

#include "base/clock.hpp"

#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/StreamSocket.h>

#include <cstdint>
#include <optional>
#include <string>

namespace flowship::net {

/// A socket that peers connect to. Never blocks.
class Listener {
 public:
  struct Accepted {
    Poco::Net::StreamSocket socket;
    /// The peer's address, without port.
    std::string peer;
  };

  /// Binds to an address; port 0 takes a free one. Throws `Error` when it can't.
  Listener(const std::string& address, std::uint16_t port);

  std::uint16_t port() const { return port_; }
  int fd() const { return socket_.impl()->sockfd(); }
  /// Before that there is no use in accepting: after it failed, for there was no descriptor left, it rests for a
  /// moment.
  Ticks rests_until() const { return rests_until_; }
  /// Nothing when nobody waits, or nobody can be let in now.
  std::optional<Accepted> accept(Ticks now);
  void close() { socket_.close(); }

 private:
  Poco::Net::ServerSocket socket_;
  std::uint16_t port_ = 0;
  Ticks rests_until_{};
};

}  // namespace flowship::net
