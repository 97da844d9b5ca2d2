#include "sandbox/answers.hpp"

#include "json/assembly.hpp"

#include <utility>

namespace flowship::sandbox {

namespace {

std::string_view title_of(std::string_view code) {
  if (code == kMissingArguments) return "Request is missing arguments";
  if (code == kValidationFailure) return "Request failed validation";
  if (code == kInvalidArguments) return "Request has invalid arguments";
  if (code == kRateLimitExceeded) return "Rate limit exceeded";
  return "Request is bad";
}

}  // namespace

net::Answer json_answer(std::string body) {
  net::Answer answer;
  answer.status = 200;
  answer.headers.add("Content-Type", "application/json");
  answer.body = std::move(body);
  return answer;
}

net::Answer error_answer(const Refusal& refusal) {
  net::Answer answer = json_answer(json::object({{"errorCode", refusal.code},
                                                 {"errorDescription", refusal.description},
                                                 {"errorMessage", title_of(refusal.code)}})
                                       .text());
  answer.status = refusal.status;
  return answer;
}

}  // namespace flowship::sandbox
