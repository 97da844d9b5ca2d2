#pragma once

#include "base/error.hpp"
#include "base/stop.hpp"

#include <csignal>
#include <string>
#include <thread>

namespace flowship::cli {

/// While it exists, SIGINT and SIGTERM request a stop instead of ending the process; a second one, half a second
/// later, ends it at once. Must be created before other threads, which inherit the signal mask.
class StopOnSignals {
 public:
  /// `message` is written to standard error at the first signal.
  explicit StopOnSignals(StopSignal& stop, std::string message = {});
  ~StopOnSignals();
  StopOnSignals(const StopOnSignals&) = delete;
  StopOnSignals& operator=(const StopOnSignals&) = delete;

 private:
  sigset_t waited_{};
  sigset_t before_{};
  std::thread waiter_;
};

/// The error that a stop caused, with the fault of the signal.
Error stopped(const Error& error, const StopSignal& stop);

/// What `work` returns; an error after a stop is told as the stop.
template <typename Work>
auto until_stopped(const StopSignal& stop, const Work& work) {
  try {
    return work();
  } catch (const Error& error) {
    if (!stop.requested()) throw;
    throw stopped(error, stop);
  }
}

/// Throws it where a stop left an answer incomplete.
void expect_not_stopped(const StopSignal& stop);

}  // namespace flowship::cli
