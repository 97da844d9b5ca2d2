#pragma once

#include "net/connection.hpp"

#include <cstdint>
#include <map>
#include <string>

namespace flowship::net {

/// The connections that a server has, and its limits on them: so many at a time, so many of one address, and so many
/// bytes of requests in all of them together.
class Connections {
 public:
  /// What becomes of one more. `turned_away`: it is told that the server is full, in a place beside the others.
  enum class Admission { taken, turned_away, refused };
  struct Place {
    Connection connection;
    Admission admission;
    /// Bytes of its request, also while a handler has them.
    std::size_t held = 0;
  };
  using Places = std::map<std::uint64_t, Place>;

  explicit Connections(const ServerOptions& limits) : limits_(limits) {}

  /// Whether there is a place for one more connection of that peer. Where there is none, one that has been quiet for a
  /// while gives way.
  Admission admission(const std::string& peer, Ticks now);
  /// Gives it a place, by the id of which it is known from then on.
  std::uint64_t add(Connection connection, Admission admission);
  /// Null when it is gone.
  Connection* find(std::uint64_t id);
  const Places& all() const { return places_; }

  /// Counts anew what the request of that connection takes.
  void weigh(std::uint64_t id);
  /// Of the requests that are still being read the largest goes, until what all take is within the limit, so that many
  /// of usual size outlast a few huge ones.
  void keep_within_memory(Ticks now);
  /// Lets go of what is closed and of what is late; when `stopping`, of every connection without a whole request too.
  void sweep(Ticks now, bool stopping);
  void clear() { places_.clear(); }

 private:
  bool make_room(const std::string& of_peer, Ticks now);
  void weigh(Place& place);
  Places::iterator erase(Places::iterator at);

  const ServerOptions& limits_;
  Places places_;
  std::map<std::string, std::size_t> by_address_;
  std::size_t turned_away_ = 0;
  std::size_t held_ = 0;
  std::uint64_t next_id_ = 0;
};

}  // namespace flowship::net
