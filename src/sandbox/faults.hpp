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

/// What happens to a request, in the order of precedence of several planned faults.
enum class FaultKind {
  hang,        ///< never respond
  drop,        ///< drop the connection without processing the request
  fail,        ///< respond with a status
  drop_after,  ///< process the request, then drop the connection without responding
  hang_after,  ///< process the request, then never respond
  lie,         ///< respond 200 without processing the request
  stale,       ///< respond to an export with the version before
  none,        ///< respond as the service does
  rate_limit,  ///< respond with 429
};

/// A fault for a number of requests.
struct PlannedFault {
  using Kind = FaultKind;

  Kind kind = Kind::fail;
  /// The status of a `fail`.
  int status = 0;
  /// Remaining requests; -1 for all.
  int count = -1;
  /// Affected requests: `import`, `export`, `list`, `delete`, `license`, or `any` but `license`.
  std::string endpoint = "import";
};

/// Faults for tests and demonstrations. Latency and rate limit apply to all endpoints of the service.
struct Faults {
  /// Added to every response.
  std::chrono::milliseconds latency{0};
  /// At most `rate_limit` requests per `rate_seconds`, then 429; 0 for no limit.
  int rate_limit = 0;
  int rate_seconds = 60;
  /// Whether these 429 say how long to wait.
  bool rate_with_retry_after = true;
  /// `Retry-After` of failures, in seconds; nothing for none.
  std::optional<int> retry_after = {};
  std::vector<PlannedFault> planned = {};
};

/// Parses `N/SECONDS`, as in `--rate-limit 100/60`. Throws a usage error.
void parse_rate_limit(std::string_view text, Faults& faults);

/// Plans `STATUS[:COUNT][@ENDPOINT]`, as in `--fail 503:2@export`; by default for all requests, on imports. Throws a
/// usage error.
void plan_failure(std::string_view text, Faults& faults);

/// Plans `COUNT[@ENDPOINT]` faults of another kind, as in `--drop 1@list`; by default on imports, `stale` on exports.
/// Throws a usage error.
void plan_silence(PlannedFault::Kind kind, std::string_view text, Faults& faults);

/// Parses seconds, as in `--retry-after 2`. Throws a usage error.
void parse_retry_after(std::string_view text, Faults& faults);

/// Reads `{"latency": MS, "rateLimit": "N/SECONDS", "retryAfter": SECONDS or false, "fail":
/// "STATUS[:COUNT][@ENDPOINT]", "drop": COUNT, "dropAfter": COUNT, "hang": COUNT, "hangAfter": COUNT, "lie": COUNT,
/// "stale": COUNT, "failOnly": ENDPOINT}`, all optional. Each fault may be a text with an endpoint, or a list;
/// `failOnly` applies to those without an endpoint. Throws a usage error.
Faults read_faults(json::Value object);

/// What happens to one request.
struct Play {
  using Kind = FaultKind;

  Kind kind = Kind::none;
  std::chrono::milliseconds latency{0};
  /// The status of a `fail`.
  int status = 0;
  /// `Retry-After` in seconds: of a `rate_limit`, and of a `fail` if configured.
  std::optional<int> retry_after = {};
};

/// Assigns the faults to requests. Thread-safe.
class FaultPlayer {
 public:
  explicit FaultPlayer(Faults faults) : faults_(std::move(faults)) {}
  /// Replaces all faults, and resets the rate limit.
  void set(Faults faults);
  /// What happens to a request to `endpoint` (`import`, …) that arrives at `now`.
  Play next(std::string_view endpoint, Ticks now);

 private:
  /// The seconds until the request would be within the rate limit; nothing if it is.
  std::optional<int> over_the_rate(Ticks now);

  std::mutex mutex_;
  Faults faults_;
  std::deque<Ticks> taken_;
};

}  // namespace flowship::sandbox
