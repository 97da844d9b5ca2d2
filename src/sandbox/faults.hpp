#pragma once

#include "base/clock.hpp"
#include "json/document.hpp"

#include <chrono>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace flowship::sandbox {

/// One fault that is played some requests long.
struct PlannedFault {
  /// In the order in which they are played, when several are planned for one endpoint.
  enum class Kind {
    hang,        ///< the request is never answered (until the client gives up)
    drop,        ///< the connection is closed without an answer, before anything is done
    fail,        ///< a status instead of an answer
    drop_after,  ///< the connection is closed without an answer once the request was carried out
    hang_after,  ///< the request is carried out and never answered
  };

  Kind kind = Kind::fail;
  /// The status of a `fail`.
  int status = 0;
  /// Goes down with each request that it was played on; -1: always.
  int count = -1;
  /// Which requests it is played on: `import`, `export`, `list`, `delete`, or `any`.
  std::string endpoint = "import";
};

/// Faults to play, for tests and demonstrations. Latency and rate limit hold for every endpoint of the service.
struct Faults {
  /// Added to every answer of the service.
  std::chrono::milliseconds latency{0};
  /// At most so many requests within so many seconds, then 429 with `Retry-After`; 0 means no limit.
  int rate_limit = 0;
  int rate_seconds = 60;
  /// The `Retry-After` of every failure that is played, in seconds; nothing means none is sent.
  std::optional<int> retry_after = {};
  std::vector<PlannedFault> planned = {};
};

/// Reads `N/SECONDS`, as in `--rate-limit 100/60`. Throws a usage error.
void parse_rate_limit(std::string_view text, Faults& faults);

/// Plans `STATUS[:COUNT][@ENDPOINT]`, as in `--fail 503:2@export`; without a count it fails always, without an endpoint
/// on imports. Throws a usage error.
void plan_failure(std::string_view text, Faults& faults);

/// Plans `COUNT[@ENDPOINT]` faults of another kind, as in `--drop 1@list`. Throws a usage error.
void plan_silence(PlannedFault::Kind kind, std::string_view text, Faults& faults);

/// Reads seconds, as in `--retry-after 2`. Throws a usage error.
void parse_retry_after(std::string_view text, Faults& faults);

/// Reads `{"latency": MS, "rateLimit": "N/SECONDS", "retryAfter": SECONDS, "fail": "STATUS[:COUNT][@ENDPOINT]",
/// "drop": COUNT, "dropAfter": COUNT, "hang": COUNT, "hangAfter": COUNT, "failOnly": ENDPOINT}`; what is left out is no
/// fault. Each of these faults may be a text with an endpoint, or a list of several; `failOnly` is for those that name
/// none. Throws a usage error.
Faults read_faults(json::Value object);

/// What is to happen to one request.
struct Play {
  enum class Kind { none, rate_limit, fail, drop, drop_after, hang, hang_after };

  Kind kind = Kind::none;
  std::chrono::milliseconds latency{0};
  /// The status of a `fail`.
  int status = 0;
  /// Seconds until the next request is taken: with a `rate_limit`, and with a `fail` where one is to be sent.
  std::optional<int> retry_after = {};
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
  /// Nothing when the request is within the rate limit, else the seconds until it would be.
  std::optional<int> over_the_rate(Ticks now);

  std::mutex mutex_;
  Faults faults_;
  std::deque<Ticks> taken_;
};

}  // namespace flowship::sandbox
