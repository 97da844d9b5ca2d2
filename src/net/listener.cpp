#include "net/listener.hpp"

#include "base/error.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/SocketAddress.h>

#include <cerrno>
#include <chrono>
#include <fcntl.h>

namespace flowship::net {

namespace {

constexpr int most_waiting = 512;
// Or the poller would spin.
constexpr std::chrono::milliseconds rest_after_failure{50};

}  // namespace

Listener::Listener(const std::string& address, std::uint16_t port) {
  try {
    socket_.bind(Poco::Net::SocketAddress(address, port), true, false);
    socket_.listen(most_waiting);
    socket_.setBlocking(false);
    port_ = socket_.address().port();
  } catch (const Poco::Exception& error) {
    throw Error("cannot listen on " + address + ':' + std::to_string(port) + ": " + error.displayText(),
                "choose another port, or stop what holds this one");
  }
  ::fcntl(fd(), F_SETFD, FD_CLOEXEC);
}

std::optional<Listener::Accepted> Listener::accept(Ticks now) {
  try {
    Poco::Net::SocketAddress peer;
    return Accepted{socket_.acceptConnection(peer), peer.host().toString()};
  } catch (const std::exception&) {
    if (errno != EAGAIN && errno != EWOULDBLOCK && errno != ECONNABORTED) rests_until_ = now + rest_after_failure;
    return std::nullopt;
  }
}

}  // namespace flowship::net
