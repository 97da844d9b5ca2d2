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
/// For how long a request waits for a renewal that fails, and how long between two tries, which doubles.
constexpr std::chrono::minutes kRenewalPatience{5};
constexpr std::chrono::seconds kFirstRetryPause{1};
constexpr std::chrono::seconds kLongestRetryPause{15};

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
  auto next = std::chrono::steady_clock::now() + usual;
  while (ended_.sleep_until(next)) {
    const std::lock_guard alone(renewing_);
    const Renewal renewal = renew();
    if (renewal == Renewal::lost) return;
    next = renewal == Renewal::renewed ? std::chrono::steady_clock::now() + usual : next_try_;
  }
}

Lease::Renewal Lease::renew_for_request() {
  const std::lock_guard alone(renewing_);
  // Another request may have waited for it, or tried in vain, just now.
  if (is_fresh()) return Renewal::renewed;
  if (std::chrono::steady_clock::now() < next_try_) return Renewal::failed;
  // Each may take as long as the remote likes.
  if (stop_.requested() && std::exchange(last_begun_, true)) return Renewal::failed;
  return renew();
}

Lease::Renewal Lease::renew() {
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
    next_try_ = {};
    retry_pause_ = {};
    return Renewal::renewed;
  } catch (const Error& error) {
    failure = error.message();
  } catch (const std::exception& error) {
    failure = std::string("unexpected: ") + error.what();
  }
  if (is_tracing()) trace("lease", "not renewed: " + failure);
  const auto usual = std::max<std::chrono::milliseconds>(timeout_ / kRenewals, std::chrono::milliseconds(1));
  const auto doubled = std::max<std::chrono::milliseconds>(2 * retry_pause_, kFirstRetryPause);
  retry_pause_ = std::min({doubled, usual, std::chrono::milliseconds(kLongestRetryPause)});
  next_try_ = std::chrono::steady_clock::now() + retry_pause_;
  const std::lock_guard lock(mutex_);
  failure_ = failure;
  return Renewal::failed;
}

std::string Lease::why_not() {
  const auto patience_ends = std::chrono::steady_clock::now() + kRenewalPatience;
  while (!is_fresh()) {
    const Renewal renewal = is_lost() ? Renewal::lost : renew_for_request();
    if (renewal == Renewal::lost) return "not sent: another deployment has taken over the lease";
    // One that took longer than the time-out is too old already.
    if (renewal == Renewal::renewed && is_fresh()) break;
    const auto next =
        std::chrono::steady_clock::now() + std::min<std::chrono::milliseconds>(timeout_, kFirstRetryPause);
    if (next > patience_ends || !stop_.sleep_until(next)) {
      const std::lock_guard lock(mutex_);
      return "not sent: the lease could not be renewed" + (failure_.empty() ? " in time" : ": " + failure_);
    }
  }
  return {};
}

}  // namespace flowship::deploy
