#include "cli/signals.hpp"

#include "base/clock.hpp"
#include "base/process.hpp"

#include <chrono>
#include <optional>
#include <unistd.h>
#include <utility>

namespace flowship::cli {

namespace {

/// Wakes the waiting thread so that it ends.
constexpr int kWake = SIGUSR2;
/// `timeout` and shells signal a process and then its group: that is one request.
constexpr std::chrono::milliseconds kSameRequest{500};

}  // namespace

StopOnSignals::StopOnSignals(StopSignal& stop, std::string message) {
  // The terminal has shown ^C in what may be the status line.
  constexpr const char* kOverTheLine = "\r\x1b[K";
  if (!message.empty() && ::isatty(STDERR_FILENO) != 0) message.insert(0, kOverTheLine);
  sigemptyset(&waited_);
  sigaddset(&waited_, SIGINT);
  sigaddset(&waited_, SIGTERM);
  sigaddset(&waited_, kWake);
  pthread_sigmask(SIG_BLOCK, &waited_, &before_);
  waiter_ = std::thread([this, &stop, message = std::move(message)] {
    std::optional<Ticks> requested;
    while (true) {
      int signal = 0;
      if (sigwait(&waited_, &signal) != 0 || signal == kWake) return;
      const Ticks now = system_clock().ticks();
      if (requested && now - *requested < kSameRequest) continue;
      if (requested) ::_exit(kSignalled + signal);
      stop.request(signal);
      // Straight to the terminal: the stream belongs to the other threads.
      [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, message.data(), message.size());
      requested = now;
    }
  });
}

StopOnSignals::~StopOnSignals() {
  pthread_kill(waiter_.native_handle(), kWake);
  waiter_.join();
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

Error stopped(const Error& error, const StopSignal& stop) {
  return Error(error.message(), error.hint(), stop.signal() == SIGINT ? Fault::interrupted : Fault::terminated);
}

void expect_not_stopped(const StopSignal& stop) {
  if (stop.requested()) throw stopped(Error("interrupted while asking the service"), stop);
}

}  // namespace flowship::cli
