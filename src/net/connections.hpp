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

/// The connections of a server and its limits on them: their number, that of each address, and one budget for all
/// bodies, those that handlers hold included. Ends them when the server stops. Thread-safe.
class Connections : public Poco::Net::TCPServerConnectionFilter {
 public:
  explicit Connections(const ServerOptions& limits) : limits_(limits), left_bytes_(limits.most_held) {}

  /// Poco asks before a connection gets a thread. Where there is no place for it, one whose request is slow to come
  /// gives way; else it is told that the server is full.
  bool accept(const Poco::Net::StreamSocket& socket) override;
  /// Counts more bytes of a body. Where that is too much for all together, the largest body that is still being read
  /// gives way, so that many of usual size outlast a few huge ones; false when that is this one.
  bool grow(const Poco::Net::StreamSocket& socket, std::size_t bytes);
  /// The request is complete, and is let finish. False when it had to give way, or the server has stopped.
  bool begin_handling(const Poco::Net::StreamSocket& socket);
  /// The answer is sent, and the body not held any more.
  void finish_handling(const Poco::Net::StreamSocket& socket);
  /// The descriptor is about to be closed.
  void leave(const Poco::Net::StreamSocket& socket);
  /// Ends at once what is not being handled, and the rest at `deadline`; waits for it until then.
  void stop(Ticks deadline);

 private:
  struct Place {
    Poco::Net::StreamSocket socket;
    std::string peer;
    Ticks since;
    bool handling = false;
    bool gave_way = false;
    std::size_t held = 0;
  };
  using Places = std::map<const Poco::Net::SocketImpl*, Place>;

  bool make_room(const std::string& peer);
  void give_back(Place& place);

  const ServerOptions& limits_;
  std::mutex mutex_;
  std::condition_variable changed_;
  Places places_;
  std::size_t left_bytes_;
  bool stopped_ = false;
};

}  // namespace flowship::net
