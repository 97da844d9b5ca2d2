#pragma once

#include "base/error.hpp"
#include "base/stop.hpp"

#include <csignal>
#include <string>
#include <thread>

namespace flowship::cli {

/// While it lives, SIGINT and SIGTERM request a stop instead of ending the process; a second one ends it at once. Made
/// before other threads are, so that all of them leave the signals to it.
class StopOnSignals {
 public:
  /// `told` goes to standard error at the first signal.
  explicit StopOnSignals(StopSignal& stop, std::string told = {});
  ~StopOnSignals();
  StopOnSignals(const StopOnSignals&) = delete;
  StopOnSignals& operator=(const StopOnSignals&) = delete;

 private:
  sigset_t waited_{};
  sigset_t before_{};
  std::thread waiter_;
};

/// What a stop left undone, which is no failure of its own: the error with the fault of the signal.
Error stopped(const Error& error, const StopSignal& stop);

}  // namespace flowship::cli
