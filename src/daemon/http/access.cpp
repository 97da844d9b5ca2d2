#include "daemon/http/access.hpp"

#include "base/base64.hpp"
#include "base/hmac.hpp"
#include "base/text/letter_case.hpp"
#include "daemon/http/answers.hpp"
#include "net/url.hpp"

#include <algorithm>
#include <cctype>
#include <optional>
#include <string>
#include <string_view>

namespace flowship::daemon {

namespace {

/// The credentials in a header such as `Bearer abc`; nothing for another scheme.
std::optional<std::string> credentials_of(const std::string& field, std::string_view scheme) {
  if (field.size() <= scheme.size() || field[scheme.size()] != ' ') return std::nullopt;
  const bool fits =
      std::equal(scheme.begin(), scheme.end(), field.begin(),
                 [](unsigned char left, unsigned char right) { return std::tolower(left) == std::tolower(right); });
  if (!fits) return std::nullopt;
  const std::size_t start = field.find_first_not_of(' ', scheme.size());
  return start == std::string::npos ? std::string() : field.substr(start);
}

}  // namespace

bool may_view(const net::IncomingRequest& request, const OperatorConfig& config) {
  if (config.status_token.empty()) return true;
  const std::optional<std::string> field = request.headers.find("Authorization");
  if (!field) return false;
  const std::string& token = config.status_token.reveal();
  if (const auto bearer = credentials_of(*field, "bearer")) return same_in_constant_time(*bearer, token);
  const auto basic = credentials_of(*field, "basic");
  const std::optional<std::string> pair = basic ? from_base64(*basic) : std::nullopt;
  if (!pair) return false;
  const std::size_t colon = pair->find(':');
  return colon != std::string::npos && same_in_constant_time(pair->substr(colon + 1), token);
}

bool names_this_host(const net::IncomingRequest& request, const OperatorConfig& config) {
  const std::optional<std::string> field = request.headers.find("Host");
  if (!field) return true;
  net::Url named;
  if (!net::split_authority(*field, named.host, named.port)) return false;
  named.host = net::without_final_dot(lower_case(named.host));
  return named.is_loopback() || named.host == config.address || config.allowed_hosts.contains(named.host);
}

bool is_same_origin(const net::IncomingRequest& request) {
  const std::optional<std::string> origin = request.headers.find("Origin");
  const std::optional<std::string> host = request.headers.find("Host");
  const std::optional<std::string> site = request.headers.find("Sec-Fetch-Site");
  if (!origin || !host || (site && *site != "same-origin")) return false;
  const std::string named = lower_case(*host);
  return lower_case(*origin) == "http://" + named || lower_case(*origin) == "https://" + named;
}

net::Answer ask_for_token() {
  net::Answer answer = text_answer(401, "Send the status token as a bearer token, or as the password of any user.\n");
  answer.headers.add("WWW-Authenticate", "Basic realm=\"flowship\", charset=\"UTF-8\"");
  return answer;
}

}  // namespace flowship::daemon
