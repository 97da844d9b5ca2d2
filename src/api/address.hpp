#pragma once

#include "api/rate_budget.hpp"
#include "base/clock.hpp"
#include "base/stop.hpp"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace flowship::api {

/// Where the rate is limited, deployments go before drift checks, which use at most half of it, evenly spread, so that
/// a deployment can begin at once.
enum class Urgency { deployment, drift_check };

/// What all calls to one address in this process share: the rate budget, what is known of licenses, and whether the
/// service accepts `changelog`. Thread-safe.
class Address {
 public:
  explicit Address(std::optional<Rate> rate = std::nullopt) : budget_(rate) {}

  /// Replaces the operator's limit.
  void limit(std::optional<Rate> rate);

  using Ticket = RateBudget::Ticket;

  /// Waits until a request may be sent; nothing if a stop was requested first. Calls `on_wait`, if given, once before
  /// it waits.
  std::optional<Ticket> wait_for_turn(const Clock& clock, const StopSignal& stop, Urgency urgency,
                                      const std::function<void()>& on_wait = {});
  /// A turn without waiting; nothing if there is none now.
  std::optional<Ticket> take_free_turn(Ticks now);
  /// A turn in any case.
  Ticket force_turn(Ticks now);
  /// The end of a turn, as in `RateBudget`.
  void let_through(const Ticket& ticket, Ticks now);
  void unanswered(const Ticket& ticket, Ticks now);
  std::optional<RateBudget::Pause> refused(const Ticket& ticket, Ticks now,
                                           std::optional<std::chrono::milliseconds> asked);
  /// Sends nothing until `moment`.
  void hold_until(Ticks moment);
  Ticks::duration refusing(Ticks now) const;
  /// As in `RateBudget`.
  bool is_pausing() const;
  std::optional<Ticks> pause(Ticks now) const;

  /// The tier of a key's license; empty if it is not known. `ask` is called once for a key, however it ends; one that
  /// returns nothing has not asked, and is called again.
  std::string license(const std::string& key_digest, const std::function<std::optional<std::string>()>& ask);

  bool accepts_changelog() const;
  void set_refuses_changelog();

 private:
  struct License {
    std::mutex mutex;
    std::optional<std::string> tier;
  };

  mutable std::mutex mutex_;
  RateBudget budget_;
  int waiting_deployments_ = 0;
  bool accepts_changelog_ = true;
  std::map<std::string, std::shared_ptr<License>> licenses_;
};

/// The addresses of a process, by base URL. Thread-safe.
class Addresses {
 public:
  /// `rate` is an operator's limit for each address.
  explicit Addresses(std::optional<Rate> rate = std::nullopt) : rate_(rate) {}

  std::shared_ptr<Address> at(const std::string& base_url);
  /// Replaces the operator's limit.
  void limit(std::optional<Rate> rate);

 private:
  std::mutex mutex_;
  std::optional<Rate> rate_;
  std::map<std::string, std::shared_ptr<Address>> addresses_;
};

}  // namespace flowship::api
