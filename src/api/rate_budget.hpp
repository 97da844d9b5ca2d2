#pragma once

#include "base/clock.hpp"

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>

namespace flowship::api {

/// At most so many requests in any window of this length.
struct Rate {
  int requests = 0;
  Ticks::duration window{};

  friend bool operator==(const Rate&, const Rate&) = default;
};

/// How many requests an address lets through, learnt from its answers. Pure decisions: time is passed in, nothing
/// waits.
///
/// The first 429 shows how many requests fit into a window. The window's length is between the longest time after which
/// a request was still refused and the shortest after which one was let through again; single requests narrow that
/// down. The number grows by a tenth, at least by one, after windows without a refusal, and shrinks to what was let
/// through, at most by half, when fewer fit. After a 429 nothing is sent for as long as the service asks, else for 1 s
/// and doubling up to 60 s; then one request alone shows whether the others may follow.
class RateBudget {
 public:
  /// `given` is an operator's limit, which is never exceeded; nothing: all is learnt.
  explicit RateBudget(std::optional<Rate> given = std::nullopt) { limit(given); }

  /// Replaces the operator's limit, and forgets what was learnt.
  void limit(std::optional<Rate> given);

  /// A request under way.
  struct Ticket {
    Ticks sent{};
    /// No other request is sent until this one is answered.
    bool alone = false;
    /// When the request that must have left the window was answered; nothing if the window was not full.
    std::optional<Ticks> oldest;
  };

  struct Turn {
    bool now = false;
    /// Otherwise: when to look again.
    Ticks at{};
  };

  /// Whether a request may be sent.
  Turn turn(Ticks now) const;
  /// The same for a request that leaves half of the rate to others. Such requests are spread evenly over the window.
  Turn turn_within_half(Ticks now) const;
  /// Begins a request; its answer is told by one of the next three.
  Ticket take(Ticks now);
  Ticket take_within_half(Ticks now);
  /// Answered other than by 429.
  void let_through(const Ticket& ticket, Ticks now);
  /// A pause of all requests.
  struct Pause {
    std::chrono::milliseconds length{0};
    /// From 1; how many there have been since a request was let through.
    int number = 0;
  };

  /// Answered 429; `asked` is its `Retry-After`. Returns the pause that this begins; nothing if the request was under
  /// way when another one began it.
  std::optional<Pause> refused(const Ticket& ticket, Ticks now, std::optional<std::chrono::milliseconds> asked);
  /// Sends nothing until `moment`, since the service asks for that, then one request alone.
  void hold_until(Ticks moment);
  /// Whether nothing is sent because the service refuses it, until one request alone was let through.
  bool is_pausing() const { return paused_until_.has_value(); }
  /// Until when nothing new should be begun in such a pause; nothing if there is none, or if it is over and nobody has
  /// found out yet whether requests are let through again.
  std::optional<Ticks> pause(Ticks now) const;
  /// Not answered at all.
  void unanswered(const Ticket& ticket, Ticks now);

  /// What is known of the rate; nothing if there was no 429 yet.
  std::optional<Rate> rate() const;
  /// How long every request has been refused; zero if the last one was let through.
  Ticks::duration refusing(Ticks now) const;

 private:
  std::optional<Ticks> oldest_of(int limit) const;
  bool is_full_of_requests_under_way() const;
  Ticks::duration shortest_tried() const;
  void end(const Ticket& ticket, Ticks now);
  void learn_from_refusal(const Ticket& ticket, Ticks now, std::optional<std::chrono::milliseconds> asked);
  void decrease(Ticks now);
  void increase(Ticks now);
  int let_through_within(Ticks::duration window, Ticks now) const;

  bool given_ = false;
  /// 0: none known.
  int limit_ = 0;
  /// The largest limit that held; above it, increases are trials.
  int proven_ = 0;
  Ticks::duration too_short_{};
  /// Zero: not known.
  Ticks::duration long_enough_{};
  /// When requests were answered that were let through, newest last.
  std::deque<Ticks> answered_;
  /// When the last request within half of the rate began.
  std::optional<Ticks> last_within_half_;
  int under_way_ = 0;
  bool alone_ = false;

  std::optional<Ticks> paused_until_;
  Ticks pause_began_{};
  std::chrono::milliseconds pause_{0};
  int pauses_ = 0;
  std::optional<Ticks> refusing_since_;

  Ticks clean_since_{};
  int clean_windows_ = 0;
  int windows_before_increase_ = 4;
};

}  // namespace flowship::api
