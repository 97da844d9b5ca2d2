#pragma once

#include "base/secret.hpp"
#include "net/client.hpp"
#include "net/message.hpp"

#include <string>
#include <string_view>

namespace flowship::api {

/// Why a call failed.
struct Failure {
  enum class Kind {
    refused,      ///< answered by the service: the request is invalid, or it failed for good
    credentials,  ///< 401 or 403: other requests will fail too
    unreachable,  ///< no response, and the request certainly had no effect
    unknown,      ///< no response, or one from a gateway: the request may have had an effect
    superseded,   ///< no response, and the service now holds neither what was sent nor what it held before
    stopped,      ///< a stop was requested before it was sent
  };
  Kind kind = Kind::refused;
  /// The HTTP status; 0 without a response.
  int status = 0;
  /// The service's `errorCode`, `errorDescription` and `errorMessage`, if present.
  std::string code;
  std::string description;
  std::string detail;
  /// For people: all of the above in one sentence.
  std::string message;
  std::string hint;
};

/// The service's code for too many requests, which a 200 can carry too.
inline constexpr std::string_view kRateLimitCode = "E130429";

/// Whether the body of a response is an error, as that of a 200 can be.
bool has_error_code(const std::string& body);

/// The failure in a response other than 200, or in a 200 whose body is an error. If it contains the key, that is
/// masked.
Failure failure_of(const net::Response& response, const Secret& key);

/// The failure of a request without a response.
Failure failure_of(const net::TransportError& error);

/// The failure of a response that flowship can't use; `why` completes "can't use the service's response: …".
Failure unreadable_answer(const std::string& why);

/// The failure of a request that was not sent since an earlier one was given up because of the rate limit.
Failure rate_limit_failure();

/// The failure of a request that was not sent because of a stop.
Failure stopped_failure();

}  // namespace flowship::api
