#include "net/connections.hpp"

#include <algorithm>

namespace flowship::net {

namespace {

using std::chrono::milliseconds;

// Connections over the limit that are being told so; beyond, they are closed without a word.
constexpr std::size_t most_turned_away = 64;
// A quiet connection gives way to a new one after this time, when all places are taken.
constexpr milliseconds gives_way_after{1000};

}  // namespace

Connections::Admission Connections::admission(const std::string& peer, Ticks now) {
  const auto known = by_address_.find(peer);
  const bool peer_full = known != by_address_.end() && known->second >= limits_.most_connections_per_address;
  const bool full = places_.size() - turned_away_ >= limits_.most_connections;
  if (!(full || peer_full) || make_room(peer_full ? peer : "", now)) return Admission::taken;
  return turned_away_ < most_turned_away ? Admission::turned_away : Admission::refused;
}

std::uint64_t Connections::add(Connection connection, Admission admission) {
  if (admission == Admission::turned_away) {
    ++turned_away_;
  } else {
    ++by_address_[connection.peer()];
  }
  places_.emplace(next_id_, Place{std::move(connection), admission, 0});
  return next_id_++;
}

Connection* Connections::find(std::uint64_t id) {
  const auto at = places_.find(id);
  return at == places_.end() ? nullptr : &at->second.connection;
}

// Only one of `of_peer` gives way when that address has its own limit to keep; empty for any address.
bool Connections::make_room(const std::string& of_peer, Ticks now) {
  auto quietest = places_.end();
  for (auto at = places_.begin(); at != places_.end(); ++at) {
    const Connection& connection = at->second.connection;
    if (at->second.admission == Admission::taken && connection.idle() && now - connection.since() > gives_way_after &&
        (of_peer.empty() || connection.peer() == of_peer) &&
        (quietest == places_.end() || connection.since() < quietest->second.connection.since())) {
      quietest = at;
    }
  }
  if (quietest == places_.end()) return false;
  erase(quietest);
  return true;
}

void Connections::weigh(std::uint64_t id) { weigh(places_.at(id)); }

void Connections::weigh(Place& place) {
  const std::size_t held = place.connection.held();
  held_ = held_ - place.held + held;
  place.held = held;
}

void Connections::keep_within_memory(Ticks now) {
  while (held_ > limits_.most_held) {
    const auto largest = std::max_element(places_.begin(), places_.end(), [](const auto& left, const auto& right) {
      const auto weight = [](const Place& place) {
        return place.connection.state() == Connection::State::reading ? place.held : 0;
      };
      return weight(left.second) < weight(right.second);
    });
    Place& place = largest->second;
    if (place.held == 0 || place.connection.state() != Connection::State::reading) return;
    place.connection.give_up(503, now);
    weigh(place);
  }
}

void Connections::sweep(Ticks now, bool stopping) {
  for (auto at = places_.begin(); at != places_.end();) {
    Connection& connection = at->second.connection;
    if (now >= connection.deadline()) connection.expire(now);
    if (stopping &&
        (connection.state() == Connection::State::reading || connection.state() == Connection::State::handshake)) {
      connection.close();
    }
    at = connection.state() == Connection::State::closed ? erase(at) : std::next(at);
  }
}

Connections::Places::iterator Connections::erase(Places::iterator at) {
  const Place& place = at->second;
  if (place.admission == Admission::turned_away) {
    --turned_away_;
  } else if (const auto peer = by_address_.find(place.connection.peer()); --peer->second == 0) {
    by_address_.erase(peer);
  }
  held_ -= place.held;
  return places_.erase(at);
}

}  // namespace flowship::net
