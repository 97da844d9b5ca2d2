#include "daemon/jobs/service_manager.hpp"

#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

namespace flowship::daemon {

namespace {

/// How long a message waits where the service manager does not read.
constexpr timeval kSendLimit{.tv_sec = 1, .tv_usec = 0};

std::string take_variable(const char* name) {
  const char* value = std::getenv(name);
  std::string text = value == nullptr ? "" : value;
  ::unsetenv(name);
  return text;
}

}  // namespace

ServiceManager::ServiceManager() {
  socket_ = take_variable("NOTIFY_SOCKET");
  const std::string watched = take_variable("WATCHDOG_PID");
  const std::string period = take_variable("WATCHDOG_USEC");
  long long microseconds = 0;
  const auto [end, error] = std::from_chars(period.data(), period.data() + period.size(), microseconds);
  const bool is_meant = watched.empty() || watched == std::to_string(::getpid());
  if (error == std::errc() && microseconds > 0 && is_meant) {
    // Twice as often as the watchdog waits, as sd_watchdog_enabled(3) recommends.
    interval_ = std::chrono::milliseconds(microseconds / 2000);
  }
}

void ServiceManager::send(const std::string& text, int flags) const {
  sockaddr_un address{};
  if (socket_.size() < 2 || socket_.size() >= sizeof address.sun_path) return;
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, socket_.data(), socket_.size());
  // A name that begins with @ is of the abstract namespace.
  if (socket_.front() == '@') address.sun_path[0] = '\0';
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_.size());
  const int descriptor = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return;
  ::setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &kSendLimit, sizeof kSendLimit);
  ::sendto(descriptor, text.data(), text.size(), MSG_NOSIGNAL | flags, reinterpret_cast<const sockaddr*>(&address),
           size);
  ::close(descriptor);
}

void ServiceManager::ready(std::string_view status) const { send("READY=1\nSTATUS=" + std::string(status) + "\n"); }

void ServiceManager::reloading() const {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  send("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(now.tv_sec * 1'000'000LL + now.tv_nsec / 1000) + "\n");
}

void ServiceManager::stopping() const { send("STOPPING=1\n"); }

void ServiceManager::alive(Ticks now) {
  if (!interval_ || now - last_ < *interval_) return;
  last_ = now;
  send("WATCHDOG=1\n", MSG_DONTWAIT);
}

}  // namespace flowship::daemon
