#include "api/license.hpp"

#include "api/requests.hpp"
#include "api/retry.hpp"
#include "base/trace.hpp"
#include "json/document.hpp"

#include <algorithm>

namespace flowship::api {

namespace {

constexpr const char* kLicense = "/v1/mgmt/license";
constexpr std::chrono::milliseconds kLicenseLimit{5'000};
constexpr std::size_t kLongestTier = 64;

std::string tier_in(const net::Response& response) {
  if (response.status != 200) return {};
  const json::ReadResult body = json::Document::read(response.body);
  const json::Value tier = body.document ? body.document->root().find("rateLimitTier") : json::Value();
  if (!tier.is(json::Type::string)) return {};
  std::string text = tier.string();
  return text.size() <= kLongestTier && net::is_token(text) ? text : std::string();
}

}  // namespace

std::optional<std::string> ask_for_license(net::ClientOptions http, const Credentials& credentials, Address& address,
                                           const Clock& clock, const StopSignal& stop) {
  const std::optional<Address::Ticket> ticket = address.take_free_turn(clock.ticks());
  if (!ticket) return std::nullopt;
  http.connect_limit = std::min(http.connect_limit, kLicenseLimit);
  http.request_limit = std::min(http.request_limit, kLicenseLimit);
  const TracedEvent event("http");
  const auto traced = [&](const std::string& result) {
    if (is_tracing()) event.end(std::string("GET ").append(kLicense), result);
  };
  try {
    net::Client client(http);
    net::Request request = request_with(credentials, "GET", kLicense);
    request.until = &stop;
    const net::Response response = client.send(request);
    traced(std::to_string(response.status));
    if (response.status == 429) {
      const std::string retry_after = response.headers.find("Retry-After").value_or("");
      address.refused(*ticket, clock.ticks(), parse_retry_after(retry_after, clock.now()));
    } else {
      address.let_through(*ticket, clock.ticks());
    }
    return tier_in(response);
  } catch (const Error& error) {
    traced(error.message());
    address.unanswered(*ticket, clock.ticks());
    return stop.requested() ? std::nullopt : std::optional(std::string());
  }
}

}  // namespace flowship::api
