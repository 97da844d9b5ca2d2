#pragma once

#include "base/boot_clock.hpp"
#include "base/clock.hpp"
#include "base/stop.hpp"
#include "deploy/ledger/ledger.hpp"

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace flowship::deploy {

/// The right to deploy, from an intent to its result. A thread of its own renews it by appending to the ledger, which
/// nobody else may use meanwhile.
class Lease {
 public:
  /// `begun` is from before the intent was appended; others can take over once the ledger stands still for `timeout`.
  Lease(Ledger& ledger, LedgerEntry intent, BootTime begun, std::chrono::milliseconds timeout, const Clock& clock,
        const StopSignal& stop);
  ~Lease();
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

  /// Why no request may be sent now; empty if one may. Renews first, and waits for that, where the last confirmed
  /// renewal is older than the time-out. Thread-safe.
  std::string why_not();
  /// Ends the renewals. The newest entry of this deployment, which the result goes on from.
  const LedgerEntry& end();
  /// Whether somebody else has moved the ledger on.
  bool is_lost() const;

 private:
  enum class Renewal { renewed, lost, failed };
  void keep_renewing();
  /// Renews, unless another request just has, a failed renewal is not due again, or the deployment is stopping. Takes
  /// `renewing_`.
  Renewal renew_for_request();
  /// The caller holds `renewing_`.
  Renewal renew();
  bool is_fresh() const;

  Ledger& ledger_;
  const std::chrono::milliseconds timeout_;
  const Clock& clock_;
  const StopSignal& stop_;
  /// Held while the ledger is used.
  std::mutex renewing_;
  LedgerEntry latest_;
  /// One whose outcome is unknown: it is tried again, so that it can't be taken for somebody else's.
  std::optional<LedgerEntry> unsure_;
  /// When a failed renewal is tried again, and how long that pause is.
  std::chrono::steady_clock::time_point next_try_;
  std::chrono::milliseconds retry_pause_{0};
  /// A request has begun a renewal although the deployment is to stop.
  bool last_begun_ = false;
  /// Of the fields below.
  mutable std::mutex mutex_;
  BootTime confirmed_;
  bool is_lost_ = false;
  std::string failure_;
  StopSignal ended_;
  std::thread thread_;
};

}  // namespace flowship::deploy
