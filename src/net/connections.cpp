#include "net/connections.hpp"

#include <Poco/Net/HTTPResponse.h>

#include <algorithm>
#include <sstream>
#include <sys/socket.h>
#include <utility>

namespace flowship::net {

namespace {

using Poco::Net::HTTPResponse;
using Poco::Net::StreamSocket;

/// A request may take so long to come before its connection gives way to a new one.
constexpr std::chrono::seconds kGivesWayAfter{1};

/// Without waiting: what does not fit into the socket's buffer is not worth it.
void tell_that_it_is_full(const StreamSocket& socket) {
  HTTPResponse refusal(HTTPResponse::HTTP_1_1, HTTPResponse::HTTP_SERVICE_UNAVAILABLE);
  refusal.setContentLength(0);
  refusal.setKeepAlive(false);
  std::ostringstream text;
  refusal.write(text);
  const int fd = socket.impl()->sockfd();
  if (!socket.secure()) ::send(fd, text.str().data(), text.str().size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  ::shutdown(fd, SHUT_WR);
}

void end(const StreamSocket& socket, int how = SHUT_RDWR) { ::shutdown(socket.impl()->sockfd(), how); }

}  // namespace

bool Connections::accept(const StreamSocket& socket) {
  const std::string peer = socket.peerAddress().host().toString();
  const std::lock_guard lock(mutex_);
  const auto of_peer =
      std::count_if(places_.begin(), places_.end(), [&](const auto& each) { return each.second.peer == peer; });
  const bool peer_full = static_cast<std::size_t>(of_peer) >= limits_.most_connections_per_address;
  const bool full = peer_full || places_.size() >= limits_.most_connections;
  if (stopped_ || (full && !make_room(peer_full ? peer : ""))) {
    tell_that_it_is_full(socket);
    return false;
  }
  return places_.emplace(socket.impl(), Place{socket, peer, std::chrono::steady_clock::now()}).second;
}

/// Of that address, or with an empty one, of any.
bool Connections::make_room(const std::string& peer) {
  auto slowest = places_.end();
  for (auto at = places_.begin(); at != places_.end(); ++at) {
    const bool fits = !at->second.handling && (peer.empty() || at->second.peer == peer);
    if (fits && (slowest == places_.end() || at->second.since < slowest->second.since)) slowest = at;
  }
  const Ticks newest = std::chrono::steady_clock::now() - kGivesWayAfter;
  if (slowest == places_.end() || slowest->second.since > newest) return false;
  end(slowest->second.socket);
  give_back(slowest->second);
  places_.erase(slowest);
  return true;
}

void Connections::give_back(Place& place) { left_bytes_ += std::exchange(place.held, 0); }

bool Connections::grow(const StreamSocket& socket, std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  const auto own = places_.find(socket.impl());
  while (own != places_.end() && !own->second.gave_way && bytes > left_bytes_) {
    const auto largest = std::max_element(places_.begin(), places_.end(), [](const auto& left, const auto& right) {
      const auto weight = [](const Place& place) { return place.handling ? 0 : place.held; };
      return weight(left.second) < weight(right.second);
    });
    // Where handlers hold what is missing, the one that asks gives way.
    Place& chosen = largest->second.handling || largest->second.held == 0 ? own->second : largest->second;
    chosen.gave_way = true;
    give_back(chosen);
    end(chosen.socket, SHUT_RD);
  }
  if (own == places_.end() || own->second.gave_way) return false;
  own->second.held += bytes;
  left_bytes_ -= bytes;
  return true;
}

bool Connections::begin_handling(const StreamSocket& socket) {
  const std::lock_guard lock(mutex_);
  const auto at = places_.find(socket.impl());
  return at != places_.end() && !at->second.gave_way && (at->second.handling = true);
}

void Connections::finish_handling(const StreamSocket& socket) {
  const std::lock_guard lock(mutex_);
  if (const auto at = places_.find(socket.impl()); at != places_.end()) {
    at->second.handling = false;
    give_back(at->second);
  }
}

void Connections::leave(const StreamSocket& socket) {
  const std::lock_guard lock(mutex_);
  if (const auto at = places_.find(socket.impl()); at != places_.end()) {
    give_back(at->second);
    places_.erase(at);
  }
  changed_.notify_all();
}

void Connections::stop(Ticks deadline) {
  std::unique_lock lock(mutex_);
  stopped_ = true;
  for (auto at = places_.begin(); at != places_.end();) {
    if (!at->second.handling) end(at->second.socket);
    at = at->second.handling ? std::next(at) : places_.erase(at);
  }
  changed_.wait_until(lock, deadline, [this] { return places_.empty(); });
  for (const auto& [impl, place] : places_) end(place.socket);
}

}  // namespace flowship::net
