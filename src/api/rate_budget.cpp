#include "api/rate_budget.hpp"

#include "api/retry.hpp"

#include <algorithm>

namespace flowship::api {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// While a request is alone under way.
constexpr milliseconds kLookAgain{10};
/// Before the first 429: requests older than this say nothing about the limit.
constexpr seconds kLongestLearnt{60};
/// `Retry-After` is in whole seconds, rounded up.
constexpr seconds kPrecisionOfHeader{1};
/// A window is known well enough when an eighth of it is uncertain.
constexpr int kUncertainPart = 8;
constexpr int kMostWindowsBeforeIncrease = 16;

}  // namespace

void RateBudget::limit(std::optional<Rate> given) {
  given_ = given.has_value();
  limit_ = proven_ = given ? std::max(given->requests, 1) : 0;
  too_short_ = long_enough_ = given ? given->window : Ticks::duration::zero();
}

std::optional<Rate> RateBudget::rate() const {
  if (limit_ == 0) return std::nullopt;
  return Rate{.requests = limit_, .window = long_enough_};
}

Ticks::duration RateBudget::refusing(Ticks now) const {
  return refusing_since_ ? now - *refusing_since_ : Ticks::duration::zero();
}

std::optional<Ticks> RateBudget::pause(Ticks now) const {
  if (!paused_until_) return std::nullopt;
  if (now < *paused_until_) return paused_until_;
  return under_way_ > 0 ? std::optional(now) : std::nullopt;
}

/// The request that must have left the window if only `limit` fit. Those under way may still be let through, so they
/// count as the newest.
std::optional<Ticks> RateBudget::oldest_of(int limit) const {
  const auto known = static_cast<int>(answered_.size());
  const int index = known + under_way_ - limit;
  if (limit == 0 || index < 0 || index >= known) return std::nullopt;
  return answered_[static_cast<std::size_t>(index)];
}

bool RateBudget::is_full_of_requests_under_way() const { return limit_ != 0 && under_way_ >= limit_; }

/// The time after which a single request is tried.
Ticks::duration RateBudget::shortest_tried() const {
  // A window that is enough for fewer requests is not enough for all.
  if (limit_ < proven_) return long_enough_;
  const Ticks::duration uncertain = long_enough_ - too_short_;
  return uncertain > long_enough_ / kUncertainPart ? too_short_ + uncertain / 2 : long_enough_;
}

RateBudget::Turn RateBudget::turn(Ticks now) const {
  const Turn later{.now = false, .at = now + kLookAgain};
  if (alone_) return later;
  if (paused_until_) {
    if (now < *paused_until_) return {.now = false, .at = *paused_until_};
    return under_way_ == 0 ? Turn{.now = true} : later;
  }
  if (is_full_of_requests_under_way()) return later;
  const std::optional<Ticks> oldest = oldest_of(limit_);
  if (!oldest || now - *oldest >= long_enough_) return {.now = true};
  if (now - *oldest < shortest_tried()) return {.now = false, .at = *oldest + shortest_tried()};
  return under_way_ == 0 ? Turn{.now = true} : later;
}

RateBudget::Turn RateBudget::turn_within_half(Ticks now) const {
  const int half = (limit_ + 1) / 2;
  if (limit_ != 0 && under_way_ >= half) return {.now = false, .at = now + kLookAgain};
  const std::optional<Ticks> oldest = oldest_of(half);
  if (oldest && now - *oldest < long_enough_) return {.now = false, .at = *oldest + long_enough_};
  if (limit_ != 0 && last_within_half_ && now < *last_within_half_ + long_enough_ / half) {
    return {.now = false, .at = *last_within_half_ + long_enough_ / half};
  }
  return turn(now);
}

RateBudget::Ticket RateBudget::take(Ticks now) {
  Ticket ticket{.sent = now, .alone = paused_until_.has_value(), .oldest = oldest_of(limit_)};
  // Whatever is not known to fit is tried by one request.
  const std::optional<Ticks> oldest = oldest_of(std::min(limit_, proven_));
  if (oldest && now - *oldest < long_enough_) ticket.alone = true;
  alone_ = alone_ || ticket.alone;
  ++under_way_;
  return ticket;
}

RateBudget::Ticket RateBudget::take_within_half(Ticks now) {
  last_within_half_ = now;
  return take(now);
}

void RateBudget::end(const Ticket& ticket, Ticks now) {
  --under_way_;
  if (ticket.alone) alone_ = false;
  while (limit_ == 0 && !answered_.empty() && answered_.front() + kLongestLearnt < now) answered_.pop_front();
  while (limit_ != 0 && answered_.size() > 2 * static_cast<std::size_t>(limit_) + 1) answered_.pop_front();
}

void RateBudget::unanswered(const Ticket& ticket, Ticks now) {
  // It may have been let through.
  answered_.push_back(now);
  end(ticket, now);
}

void RateBudget::let_through(const Ticket& ticket, Ticks now) {
  answered_.push_back(now);
  end(ticket, now);
  if (paused_until_ && ticket.alone) {
    paused_until_.reset();
    pause_ = milliseconds(0);
    pauses_ = 0;
    refusing_since_.reset();
    if (limit_ != 0 && long_enough_ == Ticks::duration::zero() && !ticket.oldest) long_enough_ = now - pause_began_;
  }
  if (limit_ == 0) return;
  if (ticket.oldest && !given_) {
    // The times are those of the client: the service may have seen the requests further apart.
    const Ticks::duration age = now - *ticket.oldest + (now - ticket.sent);
    if (long_enough_ == Ticks::duration::zero() || (limit_ == proven_ && age < long_enough_)) {
      long_enough_ = age;
      too_short_ = std::min(too_short_, age);
    }
  }
  if (ticket.oldest) increase(now);
}

/// Only windows that were full count.
void RateBudget::increase(Ticks now) {
  if (now - clean_since_ < long_enough_) return;
  clean_since_ = now;
  if (limit_ > proven_) {
    proven_ = limit_;
    windows_before_increase_ = 1;
  }
  const bool is_within = limit_ < proven_;
  if (!is_within && (given_ || ++clean_windows_ < windows_before_increase_)) return;
  clean_windows_ = 0;
  limit_ += std::max(limit_ / 10, 1);
  if (is_within) limit_ = std::min(limit_, proven_);
}

void RateBudget::hold_until(Ticks moment) { paused_until_ = std::max(paused_until_.value_or(moment), moment); }

std::optional<RateBudget::Pause> RateBudget::refused(const Ticket& ticket, Ticks now,
                                                     std::optional<milliseconds> asked) {
  end(ticket, now);
  if (!ticket.alone && ticket.sent <= pause_began_ && pause_began_ != Ticks{}) {
    if (paused_until_ && asked) paused_until_ = std::max(*paused_until_, now + *asked);
    return std::nullopt;
  }
  learn_from_refusal(ticket, now, asked);
  pause_ = next_rate_pause(pause_);
  const milliseconds pause = asked.value_or(pause_);
  paused_until_ = now + pause;
  pause_began_ = now;
  if (!refusing_since_) refusing_since_ = now;
  clean_since_ = now;
  clean_windows_ = 0;
  return Pause{.length = pause, .number = ++pauses_};
}

void RateBudget::learn_from_refusal(const Ticket& ticket, Ticks now, std::optional<milliseconds> asked) {
  if (limit_ == 0) {
    if (answered_.empty()) return;  // Others have used up the budget: how much it is shows later.
    limit_ = proven_ = static_cast<int>(answered_.size());
    too_short_ = now - answered_.front();
    if (asked) {
      long_enough_ = too_short_ + *asked;
      too_short_ = std::max<Ticks::duration>(too_short_, long_enough_ - kPrecisionOfHeader);
    }
    return;
  }
  if (limit_ > proven_) {
    limit_ = proven_;
    windows_before_increase_ = std::min(2 * windows_before_increase_, kMostWindowsBeforeIncrease);
    return;
  }
  const Ticks::duration age = ticket.oldest ? ticket.sent - *ticket.oldest : long_enough_;
  const bool is_known_to_fit = long_enough_ != Ticks::duration::zero() && age >= long_enough_;
  if (is_known_to_fit) return decrease(now);
  too_short_ = std::max(too_short_, age);
}

void RateBudget::decrease(Ticks now) {
  const int fitted = let_through_within(long_enough_, now);
  if (fitted < limit_) {
    limit_ = std::max({fitted, limit_ / 2, 1});
    if (given_) return;
    proven_ = limit_;
    windows_before_increase_ = std::min(2 * windows_before_increase_, kMostWindowsBeforeIncrease);
  } else if (given_) {
    limit_ = std::max(limit_ * 3 / 4, 1);
  } else {
    // As many as ever, so the window is longer: the next request that is let through shows how long.
    too_short_ = long_enough_;
    long_enough_ = Ticks::duration::zero();
  }
}

int RateBudget::let_through_within(Ticks::duration window, Ticks now) const {
  const auto from = std::upper_bound(answered_.begin(), answered_.end(), now - window);
  return static_cast<int>(answered_.end() - from);
}

}  // namespace flowship::api
