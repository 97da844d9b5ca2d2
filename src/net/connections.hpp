#pragma once

#include "base/clock.hpp"
#include "net/server.hpp"

#include <Poco/Net/StreamSocket.h>
#include <Poco/Net/TCPServer.h>

#include <condition_variable>
#include <map>
#include <mutex>
#include <string>

namespace flowship::net {

/// The connections of a server: limits them in all and for each address, and ends them when the server stops.
/// Thread-safe.
class Connections : public Poco::Net::TCPServerConnectionFilter {
 public:
  explicit Connections(const ServerOptions& limits) : limits_(limits) {}

  /// Poco asks before a connection gets a thread. Where there is no place for it, one whose request is slow to come gives
  /// way; else it is told that the server is full.
  bool accept(const Poco::Net::StreamSocket& socket) override;
  /// Its request is complete: it is let finish. False when the server has stopped.
  bool begin_handling(const Poco::Net::StreamSocket& socket);
  /// Its descriptor is about to be closed.
  void leave(const Poco::Net::StreamSocket& socket);
  /// Ends what is not being handled at once, and the rest at `deadline`; waits for it until then.
  void stop(Ticks deadline);

 private:
  struct Place {
    Poco::Net::StreamSocket socket;
    std::string peer;
    Ticks since;
    bool handling = false;
  };
  using Places = std::map<const Poco::Net::SocketImpl*, Place>;

  bool make_room(const std::string& peer);

  const ServerOptions& limits_;
  std::mutex mutex_;
  std::condition_variable left_;
  Places places_;
  bool stopped_ = false;
};

}  // namespace flowship::net
