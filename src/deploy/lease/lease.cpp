#include "deploy/lease/lease.hpp"

#include "base/error.hpp"
#include "base/trace.hpp"

#include <algorithm>
#include <exception>
#include <utility>

namespace flowship::deploy {

namespace {

/// Renewals for each time-out.
constexpr int kRenewals = 3;
/// For how long a request waits for a renewal that fails, and how long between two tries.
constexpr std::chrono::minutes kRenewalPatience{5};
constexpr std::chrono::seconds kLongestRetryPause{1};

}  // namespace

Lease::Lease(Ledger& ledger, LedgerEntry intent, BootTime begun, std::chrono::milliseconds timeout, const Clock& clock,
             const StopSignal& stop)
    : ledger_(ledger),
      timeout_(timeout),
      clock_(clock),
      stop_(stop),
      latest_(std::move(intent)),
      confirmed_(begun),
      thread_([this] { keep_renewing(); }) {}

Lease::~Lease() { end(); }

const LedgerEntry& Lease::end() {
  ended_.request();
  if (thread_.joinable()) thread_.join();
  return latest_;
}

bool Lease::is_lost() const {
  const std::lock_guard lock(mutex_);
  return is_lost_;
}

bool Lease::is_fresh() const {
  const std::lock_guard lock(mutex_);
  return !is_lost_ && boot_time() - confirmed_ < timeout_;
}

void Lease::keep_renewing() {
  const std::chrono::milliseconds usual = timeout_ / kRenewals;
  std::chrono::milliseconds pause = usual;
  while (ended_.sleep_until(std::chrono::steady_clock::now() + pause)) {
    switch (renew()) {
      case Renewal::renewed:
        pause = usual;
        break;
      case Renewal::failed:
        pause = std::min<std::chrono::milliseconds>(usual, kLongestRetryPause);
        break;
      case Renewal::lost:
        return;
    }
  }
}

Lease::Renewal Lease::renew() {
  const std::lock_guard alone(renewing_);
  // What others see of it counts from here at the latest.
  const BootTime begun = boot_time();
  std::string failure;
  try {
    if (is_lost()) return Renewal::lost;
    if (!unsure_) unsure_ = ledger_.write_renewal(latest_, clock_);
    const bool is_renewed = ledger_.renew(*unsure_, clock_);
    const std::lock_guard lock(mutex_);
    failure_.clear();
    if (!is_renewed) {
      is_lost_ = true;
      return Renewal::lost;
    }
    latest_ = *std::exchange(unsure_, std::nullopt);
    confirmed_ = begun;
    return Renewal::renewed;
  } catch (const Error& error) {
    failure = error.message();
  } catch (const std::exception& error) {
    failure = std::string("unexpected: ") + error.what();
  }
  if (is_tracing()) trace("lease", "not renewed: " + failure);
  const std::lock_guard lock(mutex_);
  failure_ = failure;
  return Renewal::failed;
}

std::string Lease::why_not() {
  const auto patience_ends = std::chrono::steady_clock::now() + kRenewalPatience;
  while (!is_fresh()) {
    const Renewal renewal = is_lost() ? Renewal::lost : renew();
    if (renewal == Renewal::lost) return "not sent: another deployment has taken over the lease";
    // One that took longer than the time-out is too old already.
    if (renewal == Renewal::renewed && is_fresh()) break;
    const auto next =
        std::chrono::steady_clock::now() + std::min<std::chrono::milliseconds>(timeout_, kLongestRetryPause);
    if (next > patience_ends || !stop_.sleep_until(next)) {
      const std::lock_guard lock(mutex_);
      return "not sent: the lease could not be renewed" + (failure_.empty() ? " in time" : ": " + failure_);
    }
  }
  return {};
}

}  // namespace flowship::deploy
