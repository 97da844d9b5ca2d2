#include "api/address.hpp"

#include <utility>

namespace flowship::api {

namespace {

/// How often a drift check looks whether deployments are still waiting.
constexpr std::chrono::milliseconds kLookForDeployments{50};

/// Counts a deployment that waits.
class Waiting {
 public:
  Waiting(std::mutex& mutex, int& count, Urgency urgency)
      : mutex_(mutex), count_(count), counts_(urgency == Urgency::deployment) {
    add(1);
  }
  ~Waiting() { add(-1); }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;

 private:
  void add(int change) {
    const std::lock_guard lock(mutex_);
    if (counts_) count_ += change;
  }

  std::mutex& mutex_;
  int& count_;
  const bool counts_;
};

}  // namespace

void Address::limit(std::optional<Rate> rate) {
  const std::lock_guard lock(mutex_);
  budget_.limit(rate);
}

std::optional<Address::Ticket> Address::wait_for_turn(const Clock& clock, const StopSignal& stop, Urgency urgency,
                                                      const std::function<void()>& on_wait) {
  bool waits = false;
  const Waiting waiting(mutex_, waiting_deployments_, urgency);
  while (!stop.requested()) {
    const Ticks now = clock.ticks();
    Ticks again = now + kLookForDeployments;
    {
      const std::lock_guard lock(mutex_);
      if (urgency == Urgency::deployment || waiting_deployments_ == 0) {
        const bool is_deployment = urgency == Urgency::deployment;
        const RateBudget::Turn turn = is_deployment ? budget_.turn(now) : budget_.turn_within_half(now);
        if (turn.now) return is_deployment ? budget_.take(now) : budget_.take_within_half(now);
        again = turn.at;
      }
    }
    if (on_wait && !std::exchange(waits, true)) on_wait();
    clock.sleep_until(again, stop);
  }
  return std::nullopt;
}

std::optional<Address::Ticket> Address::take_free_turn(Ticks now) {
  const std::lock_guard lock(mutex_);
  return budget_.turn(now).now ? std::optional(budget_.take(now)) : std::nullopt;
}

Address::Ticket Address::force_turn(Ticks now) {
  const std::lock_guard lock(mutex_);
  return budget_.take(now);
}

void Address::let_through(const Ticket& ticket, Ticks now) {
  const std::lock_guard lock(mutex_);
  budget_.let_through(ticket, now);
}

void Address::unanswered(const Ticket& ticket, Ticks now) {
  const std::lock_guard lock(mutex_);
  budget_.unanswered(ticket, now);
}

std::optional<RateBudget::Pause> Address::refused(const Ticket& ticket, Ticks now,
                                                  std::optional<std::chrono::milliseconds> asked) {
  const std::lock_guard lock(mutex_);
  return budget_.refused(ticket, now, asked);
}

void Address::hold_until(Ticks moment) {
  const std::lock_guard lock(mutex_);
  budget_.hold_until(moment);
}

Ticks::duration Address::refusing(Ticks now) const {
  const std::lock_guard lock(mutex_);
  return budget_.refusing(now);
}

bool Address::is_pausing() const {
  const std::lock_guard lock(mutex_);
  return budget_.is_pausing();
}

std::optional<Ticks> Address::pause(Ticks now) const {
  const std::lock_guard lock(mutex_);
  return budget_.pause(now);
}

std::string Address::license(const std::string& key_digest, const std::function<std::optional<std::string>()>& ask) {
  std::shared_ptr<License> license;
  {
    const std::lock_guard lock(mutex_);
    std::shared_ptr<License>& known = licenses_[key_digest];
    if (known == nullptr) known = std::make_shared<License>();
    license = known;
  }
  const std::lock_guard lock(license->mutex);
  if (!license->tier) license->tier = ask();
  return license->tier.value_or("");
}

bool Address::accepts_changelog() const {
  const std::lock_guard lock(mutex_);
  return accepts_changelog_;
}

void Address::set_refuses_changelog() {
  const std::lock_guard lock(mutex_);
  accepts_changelog_ = false;
}

std::shared_ptr<Address> Addresses::at(const std::string& base_url) {
  const std::lock_guard lock(mutex_);
  std::shared_ptr<Address>& address = addresses_[base_url];
  if (address == nullptr) address = std::make_shared<Address>(rate_);
  return address;
}

void Addresses::limit(std::optional<Rate> rate) {
  const std::lock_guard lock(mutex_);
  rate_ = rate;
  for (const auto& [url, address] : addresses_) address->limit(rate);
}

}  // namespace flowship::api
