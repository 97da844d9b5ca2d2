#include "net/connections.hpp"

#include <Poco/Net/HTTPResponse.h>

#include <algorithm>
#include <sstream>
#include <sys/socket.h>

namespace flowship::net {

namespace {

/// A request may take so long to come before its connection gives way to a new one.
constexpr std::chrono::seconds kGivesWayAfter{1};

/// Without waiting: what does not fit into the socket's buffer is not worth it.
void tell_that_it_is_full(const Poco::Net::StreamSocket& socket) {
  Poco::Net::HTTPResponse refusal(Poco::Net::HTTPResponse::HTTP_1_1,
                                  Poco::Net::HTTPResponse::HTTP_SERVICE_UNAVAILABLE);
  refusal.setContentLength(0);
  refusal.setKeepAlive(false);
  std::ostringstream text;
  refusal.write(text);
  const std::string bytes = text.str();
  const int fd = socket.impl()->sockfd();
  if (!socket.secure()) ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  ::shutdown(fd, SHUT_WR);
}

void end(const Poco::Net::StreamSocket& socket) { ::shutdown(socket.impl()->sockfd(), SHUT_RDWR); }

}  // namespace

bool Connections::accept(const Poco::Net::StreamSocket& socket) {
  const std::string peer = socket.peerAddress().host().toString();
  const std::lock_guard lock(mutex_);
  if (stopped_) return false;
  const auto of_peer = std::count_if(places_.begin(), places_.end(), [&](const auto& place) { return place.second.peer == peer; });
  const bool peer_full = static_cast<std::size_t>(of_peer) >= limits_.most_connections_per_address;
  const bool full = places_.size() >= limits_.most_connections;
  if ((full || peer_full) && !make_room(peer_full ? peer : "")) {
    tell_that_it_is_full(socket);
    return false;
  }
  places_.emplace(socket.impl(), Place{socket, peer, std::chrono::steady_clock::now()});
  return true;
}

/// Of that address, or with an empty one, of any.
bool Connections::make_room(const std::string& peer) {
  auto slowest = places_.end();
  for (auto at = places_.begin(); at != places_.end(); ++at) {
    const Place& place = at->second;
    if (!place.handling && (peer.empty() || place.peer == peer) &&
        (slowest == places_.end() || place.since < slowest->second.since)) {
      slowest = at;
    }
  }
  if (slowest == places_.end() || std::chrono::steady_clock::now() - slowest->second.since < kGivesWayAfter) return false;
  end(slowest->second.socket);
  places_.erase(slowest);
  return true;
}

bool Connections::begin_handling(const Poco::Net::StreamSocket& socket) {
  const std::lock_guard lock(mutex_);
  const auto at = places_.find(socket.impl());
  if (at == places_.end()) return false;
  return at->second.handling = true;
}

void Connections::leave(const Poco::Net::StreamSocket& socket) {
  const std::lock_guard lock(mutex_);
  places_.erase(socket.impl());
  left_.notify_all();
}

void Connections::stop(Ticks deadline) {
  std::unique_lock lock(mutex_);
  stopped_ = true;
  for (auto at = places_.begin(); at != places_.end();) {
    if (!at->second.handling) end(at->second.socket);
    at = at->second.handling ? std::next(at) : places_.erase(at);
  }
  left_.wait_until(lock, deadline, [this] { return places_.empty(); });
  for (const auto& [impl, place] : places_) end(place.socket);
}

}  // namespace flowship::net
