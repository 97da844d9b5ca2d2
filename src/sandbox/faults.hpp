#pragma once

#include "base/clock.hpp"
#include "json/document.hpp"

#include <chrono>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>

namespace flowship::sandbox {

/// Faults to play, for tests and demonstrations. Counts go down with each fault that was played. Latency and rate limit
/// hold for every endpoint of the service, the other faults for those that `fail_only` names.
struct Faults {
  /// Added to every answer of the service.
  std::chrono::milliseconds latency{0};
  /// At most so many requests within so many seconds, then 429 with `Retry-After`; 0 means no limit.
  int rate_limit = 0;
  int rate_seconds = 60;
  /// This status instead of an answer, `fail_count` times (-1: always); 0 means no fault.
  int fail_status = 0;
  int fail_count = -1;
  /// Which requests fail, are dropped or hang: `import` (also when empty), `export`, `list`, `delete`, or `any`.
  std::string fail_only = {};
  /// Connections that are closed without an answer, before anything is done.
  int drop_count = 0;
  /// Connections that are closed without an answer once the request was carried out.
  int drop_after_count = 0;
  /// Requests that are never answered (until the client gives up).
  int hang_count = 0;
};

/// Reads `N/SECONDS`, as in `--rate-limit 100/60`. Throws a usage error.
void parse_rate_limit(std::string_view text, Faults& faults);

/// Reads `STATUS[:COUNT]`, as in `--fail 503:2`; without a count it fails always. Throws a usage error.
void parse_fail(std::string_view text, Faults& faults);

/// Reads the name of an endpoint, or `any`. Throws a usage error.
void parse_fail_only(std::string_view text, Faults& faults);

/// Reads `{"latency": MS, "rateLimit": "N/SECONDS", "fail": "STATUS[:COUNT]", "failOnly": "export", "drop": COUNT,
/// "dropAfter": COUNT, "hang": COUNT}`; what is left out is no fault. Throws a usage error.
Faults read_faults(json::Value object);

/// What is to happen to one request.
struct Play {
  enum class Kind { none, rate_limit, fail, drop, drop_after, hang };

  Kind kind = Kind::none;
  std::chrono::milliseconds latency{0};
  /// The status of a `fail`.
  int status = 0;
  /// Seconds until the next request is taken, with a `rate_limit`.
  int retry_after = 0;
};

/// Deals the faults out, request by request. Thread-safe.
class FaultPlayer {
 public:
  explicit FaultPlayer(Faults faults) : faults_(std::move(faults)) {}
  /// Replaces all faults, and forgets the requests that the rate limit has counted.
  void set(Faults faults);
  /// What happens to a request to `endpoint` (`import`, …) that comes in at `now`.
  Play next(std::string_view endpoint, Ticks now);

 private:
  bool within_rate(Ticks now, int& retry_after);

  std::mutex mutex_;
  Faults faults_;
  std::deque<Ticks> taken_;
};

}  // namespace flowship::sandbox
