#include "deploy/apply/grace.hpp"

namespace flowship::deploy {

namespace {

/// How often it looks for a stop.
constexpr std::chrono::milliseconds kGraceStep{50};

}  // namespace

Grace::Grace(const StopSignal& stop, std::optional<std::chrono::milliseconds> length) : stop_(stop) {
  if (length) thread_ = std::thread([this, length] { wait(*length); });
}

Grace::~Grace() {
  ended_.request();
  if (thread_.joinable()) thread_.join();
}

void Grace::covers(api::Service& service) {
  const std::lock_guard lock(mutex_);
  services_.push_back(&service);
  if (is_over_) service.cut();
}

void Grace::ends(StopSignal& signal) {
  const std::lock_guard lock(mutex_);
  signals_.push_back(&signal);
  if (is_over_) signal.request();
}

void Grace::wait(std::chrono::milliseconds length) {
  using SteadyClock = std::chrono::steady_clock;
  while (!stop_.requested()) {
    if (!ended_.sleep_until(SteadyClock::now() + kGraceStep)) return;
  }
  if (!ended_.sleep_until(SteadyClock::now() + length)) return;
  const std::lock_guard lock(mutex_);
  is_over_ = true;
  for (api::Service* service : services_) service->cut();
  for (StopSignal* signal : signals_) signal->request();
}

}  // namespace flowship::deploy
