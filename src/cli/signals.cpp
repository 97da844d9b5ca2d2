#include "cli/signals.hpp"

#include <unistd.h>
#include <utility>

namespace flowship::cli {

namespace {

/// Wakes the waiting thread when there is nothing to wait for any more.
constexpr int kWake = SIGUSR2;

}  // namespace

StopOnSignals::StopOnSignals(StopSignal& stop, std::string told) {
  // A status line may stand where the terminal has just shown ^C.
  constexpr const char* kOverTheLine = "\r\x1b[K";
  if (!told.empty() && ::isatty(STDERR_FILENO) != 0) told.insert(0, kOverTheLine);
  sigemptyset(&waited_);
  sigaddset(&waited_, SIGINT);
  sigaddset(&waited_, SIGTERM);
  sigaddset(&waited_, kWake);
  pthread_sigmask(SIG_BLOCK, &waited_, &before_);
  waiter_ = std::thread([this, &stop, told = std::move(told)] {
    bool requested = false;
    while (true) {
      int signal = 0;
      if (sigwait(&waited_, &signal) != 0 || signal == kWake) return;
      constexpr int kSignalled = 128;
      if (requested) ::_exit(kSignalled + signal);
      stop.request(signal);
      // Straight to the terminal: the stream belongs to the other threads.
      [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, told.data(), told.size());
      requested = true;
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

}  // namespace flowship::cli
