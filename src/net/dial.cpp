#include "net/dial.hpp"

#include "net/client.hpp"
#include "net/timed_socket.hpp"
#include "net/url.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/DNS.h>
#include <Poco/Net/HostEntry.h>

#include <algorithm>
#include <cstring>
#include <fcntl.h>
#include <future>
#include <poll.h>
#include <system_error>
#include <thread>

namespace flowship::net {

namespace {

using Poco::Net::SocketAddress;

TransportError unreachable(const std::string& message, const std::string& hint) {
  return {message, hint, Delivery::not_sent, false};
}

/// Waits as a `TimedSocket` does; whether the future is ready.
bool wait(const std::future<std::vector<Poco::Net::IPAddress>>& found, Ticks deadline, const StopSignal* until) {
  while (true) {
    const Ticks now = std::chrono::steady_clock::now();
    const Ticks next = until == nullptr ? deadline : std::min(deadline, now + kStopInterval);
    if (found.wait_until(next) == std::future_status::ready) return true;
    if (next == deadline || until->requested()) return false;
  }
}

std::vector<SocketAddress> addresses_of(const std::string& host, std::uint16_t port, Ticks deadline,
                                        const StopSignal* until) {
  if (is_address(host)) return {SocketAddress(host, port)};
  // Plain http may go there, so no name server and no file decides where that is.
  if (host == "localhost") return {SocketAddress("127.0.0.1", port), SocketAddress("::1", port)};
  // A look-up knows no deadline, so another thread does it; a late one ends by itself.
  std::packaged_task<std::vector<Poco::Net::IPAddress>()> look_up(
      [host] { return Poco::Net::DNS::hostByName(host, 0).addresses(); });
  auto found = look_up.get_future();
  std::vector<SocketAddress> addresses;
  try {
    std::thread(std::move(look_up)).detach();
    if (!wait(found, deadline, until)) {
      throw unreachable("looking up " + host + " took too long", "check the network and its name server");
    }
    for (const Poco::Net::IPAddress& address : found.get()) addresses.emplace_back(address, port);
  } catch (const std::system_error&) {
    throw unreachable("cannot look up " + host + ": no further thread can be started", "lower --concurrency");
  } catch (const Poco::Exception& error) {
    throw unreachable("there is no address for " + host + ": " + error.displayText(),
                      "check the service's address and the network");
  }
  return addresses;
}

}  // namespace

Poco::Net::StreamSocket dial(const std::string& host, std::uint16_t port, Ticks deadline, const StopSignal* until) {
  return dial_any(host + ":" + std::to_string(port), addresses_of(host, port, deadline, until), deadline, until);
}

Poco::Net::StreamSocket dial_any(const std::string& name, const std::vector<SocketAddress>& addresses, Ticks deadline,
                                 const StopSignal* until) {
  std::string why;
  for (std::size_t number = 0; number < addresses.size(); ++number) {
    const Ticks now = std::chrono::steady_clock::now();
    Poco::Net::StreamSocket socket(new TimedPlainSocket);
    TimedSocket::of(socket).until = until;
    TimedSocket::of(socket).deadline = now + (deadline - now) / static_cast<int>(addresses.size() - number);
    try {
      socket.connectNB(addresses[number]);
      socket.setNoDelay(true);
      // git runs as a child, which must not inherit connections.
      ::fcntl(socket.impl()->sockfd(), F_SETFD, FD_CLOEXEC);
      TimedSocket::of(socket).wait(POLLOUT);
      const int code = socket.impl()->socketError();
      if (code == 0) return socket;
      why = std::strerror(code);
    } catch (const Poco::TimeoutException&) {
      why = "no answer in time";
    } catch (const Poco::Exception& error) {
      why = error.displayText();
    }
  }
  throw unreachable("cannot connect to " + name + ": " + why,
                    "check the service's address, the network and, where one is needed, HTTPS_PROXY");
}

}  // namespace flowship::net
