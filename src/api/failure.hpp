#pragma once

#include "base/secret.hpp"
#include "net/client.hpp"
#include "net/message.hpp"

#include <string>

namespace flowship::api {

/// Why a call did not do what it was to do.
struct Failure {
  enum class Kind {
    refused,      ///< the service's own answer: the request is wrong, or it failed for good
    credentials,  ///< 401 or 403: nothing else will work either
    unreachable,  ///< no answer, and the request certainly had no effect
    unknown,      ///< no answer, or a gateway's; the request may have had an effect
    stopped,      ///< a stop was requested before it was sent
  };
  Kind kind = Kind::refused;
  /// The answer's status; 0 without an answer.
  int status = 0;
  /// The service's `errorCode`, `errorDescription` and `errorMessage`, as far as it gave them.
  std::string code;
  std::string description;
  std::string detail;
  /// What to tell people: all of the above in one sentence.
  std::string message;
  std::string hint;
};

/// What an answer other than 200 says. The key, should the service echo it, is masked.
Failure failure_of(const net::Response& response, const Secret& key);

/// What a request without an answer says.
Failure failure_of(const net::TransportError& error);

/// The failure of a request that was not sent because of a stop.
Failure stopped_failure();

}  // namespace flowship::api
