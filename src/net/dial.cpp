#include "net/dial.hpp"

#include "net/client.hpp"
#include "net/url.hpp"

#include <Poco/Exception.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <future>
#include <memory>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <system_error>
#include <thread>
#include <vector>

namespace flowship::net {

namespace {

using Poco::Net::SocketAddress;

TransportError unreachable(const std::string& message, const std::string& hint) {
  return TransportError(message, hint, Delivery::not_sent, false);
}

/// False when the deadline came first.
bool wait_for_events(int fd, short events, Ticks deadline) {
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    pollfd watched{fd, events, 0};
    constexpr std::chrono::milliseconds kLongest{60'000};
    const int ready = ::poll(&watched, 1, static_cast<int>(std::min(left, kLongest).count()));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return true;  // The next read or write tells what is wrong.
  }
}

struct Resolved {
  int code = 0;
  std::vector<SocketAddress> addresses;
};

Resolved resolve(const std::string& host, std::uint16_t port) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  Resolved resolved;
  resolved.code = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &found);
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(found, [](addrinfo* list) {
    if (list != nullptr) ::freeaddrinfo(list);
  });
  for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
    resolved.addresses.emplace_back(each->ai_addr, each->ai_addrlen);
  }
  return resolved;
}

std::vector<SocketAddress> addresses_of(const std::string& host, std::uint16_t port, Ticks deadline) {
  if (is_address(host)) return {SocketAddress(host, port)};
  // Plain http may go there, so no name server and no file decides where that is.
  if (host == "localhost") return {SocketAddress("127.0.0.1", port), SocketAddress("::1", port)};
  // getaddrinfo knows no deadline, so it is waited for from here; a late one ends by itself.
  std::promise<Resolved> promise;
  std::future<Resolved> future = promise.get_future();
  try {
    std::thread([host, port, promise = std::move(promise)]() mutable {
      promise.set_value(resolve(host, port));
    }).detach();
  } catch (const std::system_error&) {
    throw unreachable("cannot look up " + host + ": no further thread can be started", "lower --concurrency");
  }
  if (future.wait_until(deadline) != std::future_status::ready) {
    throw unreachable("looking up " + host + " took too long", "check the network and its name server");
  }
  Resolved resolved = future.get();
  if (resolved.addresses.empty()) {
    throw unreachable("there is no address for " + host + ": " + ::gai_strerror(resolved.code),
                      "check the service's address and the network");
  }
  return std::move(resolved.addresses);
}

/// Connects to one address; says in `why` what went wrong.
bool connect(Poco::Net::StreamSocket& socket, const SocketAddress& address, Ticks deadline, std::string& why) {
  try {
    socket.connectNB(address);
  } catch (const Poco::Exception& error) {
    why = error.displayText();
    return false;
  }
  const int fd = socket.impl()->sockfd();
  // Waiting may take long, and a child started meanwhile must not inherit the connection.
  ::fcntl(fd, F_SETFD, FD_CLOEXEC);
  if (!wait_for_events(fd, POLLOUT, deadline)) {
    why = "no answer in time";
    return false;
  }
  int code = 0;
  socklen_t size = sizeof code;
  ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &code, &size);
  if (code != 0) why = std::strerror(code);
  return code == 0;
}

}  // namespace

bool wait_for(const Stream& stream, Io io, Ticks deadline) {
  if (io == Io::wants_read && stream.holds_bytes()) return true;
  return wait_for_events(stream.fd(), io == Io::wants_write ? POLLOUT : POLLIN, deadline);
}

bool wait_for_either(const Stream& stream, Ticks deadline) {
  return stream.holds_bytes() || wait_for_events(stream.fd(), POLLIN | POLLOUT, deadline);
}

Stream dial(const std::string& host, std::uint16_t port, Ticks deadline) {
  return dial_any(host + ":" + std::to_string(port), addresses_of(host, port, deadline), deadline);
}

Stream dial_any(const std::string& name, const std::vector<SocketAddress>& addresses, Ticks deadline) {
  std::string why;
  for (std::size_t number = 0; number < addresses.size(); ++number) {
    const Ticks now = std::chrono::steady_clock::now();
    const auto share = (deadline - now) / static_cast<int>(addresses.size() - number);
    Poco::Net::StreamSocket socket;
    if (connect(socket, addresses[number], now + share, why)) return Stream(socket);
  }
  throw unreachable("cannot connect to " + name + ": " + why,
                    "check the service's address, the network and, where one is needed, HTTPS_PROXY");
}

}  // namespace flowship::net
