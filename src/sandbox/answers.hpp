#pragma once

#include "net/server.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace flowship::sandbox {

/// Error codes of the service.
inline constexpr std::string_view kBadRequest = "E011001";
inline constexpr std::string_view kMissingArguments = "E011002";
inline constexpr std::string_view kValidationFailure = "E011003";
inline constexpr std::string_view kInvalidArguments = "E011004";
inline constexpr std::string_view kRateLimitExceeded = "E130429";

/// An error response of the service.
struct Refusal {
  int status = 400;
  std::string_view code = kBadRequest;
  /// What is wrong, with the JSON Pointer of the place if there is one.
  std::string description;
};

/// 200 with a JSON body.
net::Answer json_answer(std::string body);

/// `{"errorCode": …, "errorDescription": …, "errorMessage": …}`.
net::Answer error_answer(const Refusal& refusal);

}  // namespace flowship::sandbox
