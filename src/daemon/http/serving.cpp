#include "daemon/http/serving.hpp"

#include <algorithm>
#include <sys/resource.h>

namespace flowship::daemon {

namespace {

/// Each has a thread, which waits most of the time.
constexpr rlim_t kMostConnections = 1'000;
/// Kept for mirrors, git, the service and logs.
constexpr rlim_t kOwnDescriptors = 256;

/// Of webhook bodies together: a signature is checked once its body is there, and bodies have some 20 KiB.
constexpr std::size_t kMostHeld = 64U << 20U;

rlim_t raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  const rlimit wanted{std::max(limit.rlim_cur, std::min(limit.rlim_max, kMostConnections + kOwnDescriptors)),
                      limit.rlim_max};
  return ::setrlimit(RLIMIT_NOFILE, &wanted) == 0 ? wanted.rlim_cur : limit.rlim_cur;
}

}  // namespace

net::ServerOptions serving_options() {
  net::ServerOptions options;
  const rlim_t descriptors = raise_descriptor_limit();
  const rlim_t connections = std::min(kMostConnections, descriptors - std::min(descriptors, kOwnDescriptors));
  options.most_connections = std::max(options.most_connections, static_cast<std::size_t>(connections));
  options.most_held = kMostHeld;
  // One address can't take all: a proxy in front has room, and so have others.
  options.most_connections_per_address =
      std::max(options.most_connections_per_address, options.most_connections / 4 * 3);
  return options;
}

}  // namespace flowship::daemon
