#include "daemon/http/routes.hpp"

#include "base/text/word.hpp"
#include "daemon/daemon.hpp"
#include "daemon/http/access.hpp"
#include "daemon/http/actions.hpp"
#include "daemon/http/answers.hpp"
#include "daemon/http/push.hpp"
#include "daemon/http/webhook.hpp"
#include "daemon/status/status_routes.hpp"

#include <algorithm>

namespace flowship::daemon {

namespace {

constexpr Route kRoutes[] = {
    {"GET", "/", Access::viewer, answer_page},
    {"GET", "/environments/<environment>", Access::viewer, answer_environment},
    {"GET", "/flows/<environment>/<flowId>", Access::viewer, answer_flow},
    {"GET", "/retry/<environment>", Access::actor, answer_form},
    {"POST", "/retry/<environment>", Access::actor, answer_action},
    {"GET", "/restore/<environment>/<flowId>", Access::actor, answer_form},
    {"POST", "/restore/<environment>/<flowId>", Access::actor, answer_action},
    {"GET", "/adopt/<environment>/<flowId>", Access::actor, answer_form},
    {"POST", "/adopt/<environment>/<flowId>", Access::actor, answer_action},
    {"GET", "/api/status", Access::viewer, answer_status},
    {"GET", "/metrics", Access::viewer, answer_metrics},
    {"GET", "/assets/<name>", Access::anyone, answer_asset},
    {"GET", "/healthz", Access::anyone, answer_healthz},
    {"GET", "/readyz", Access::anyone, answer_readyz},
    {"POST", "/push/<repository>", Access::signed_, answer_push},
    {"POST", "/webhook/<repository>", Access::signed_, answer_webhook},
};

/// Takes the part up to the next slash, and the slash, off `rest`.
std::string_view next_part(std::string_view& rest) {
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  const std::string_view part = rest.substr(0, slash);
  rest.remove_prefix(std::min(slash + 1, rest.size()));
  return part;
}

bool is_plain(std::string_view part) { return is_word(part, "."); }

/// What the table says to a request from its header alone: the route to take, or a refusal.
struct Direction {
  const Route* route = nullptr;
  std::vector<std::string> arguments;
  net::Answer refusal;
};

Direction refusal(int status, const char* why) { return {.arguments = {}, .refusal = text_answer(status, why)}; }

/// Whether a repository accepts signed requests at all.
bool takes_signed(const OperatorConfig& config, const std::string& repository) {
  const auto found = config.repositories.find(repository);
  return found != config.repositories.end() && !found->second.webhook_secret.empty();
}

Direction direction(Daemon& daemon, const net::IncomingRequest& request) {
  const std::string path = request.target.substr(0, request.target.find('?'));
  const std::string_view method = request.method == "HEAD" ? std::string_view("GET") : request.method;
  const std::shared_ptr<const OperatorConfig> config = daemon.config();
  std::string allowed;
  for (const Route& candidate : routes()) {
    std::optional<std::vector<std::string>> arguments = match(candidate.pattern, path);
    if (!arguments) continue;
    if (candidate.method != method) {
      allowed +=
          (allowed.empty() ? "" : ", ") + std::string(candidate.method) + (candidate.method == "GET" ? ", HEAD" : "");
      continue;
    }
    if (candidate.access == Access::signed_) {
      if (!takes_signed(*config, arguments->front())) return refusal(403, kUnsigned);
    } else if (!names_this_host(request, *config)) {
      return refusal(421, "This host name is not served here. The operator can add it to `allowedHosts`.\n");
    } else if (candidate.access == Access::actor && config->status_token.empty()) {
      return refusal(404, "Not found. Without a status token, nothing can be started from the pages.\n");
    } else if (candidate.access != Access::anyone && !may_view(request, *config)) {
      return {.arguments = {}, .refusal = ask_for_token()};
    }
    return {.route = &candidate, .arguments = std::move(*arguments), .refusal = {}};
  }
  if (allowed.empty()) return refusal(404, "Not found.\n");
  Direction refused = refusal(405, "Method not allowed.\n");
  refused.refusal.headers.add("Allow", allowed);
  return refused;
}

net::Answer with_security_headers(net::Answer answer) {
  const auto add = [&](const char* name, const char* value) {
    if (!answer.headers.find(name)) answer.headers.add(name, value);
  };
  add("Cache-Control", "no-store");
  add("X-Content-Type-Options", "nosniff");
  add("X-Frame-Options", "DENY");
  add("Referrer-Policy", "no-referrer");
  add("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  return answer;
}

}  // namespace

std::span<const Route> routes() { return kRoutes; }

std::optional<std::vector<std::string>> match(std::string_view pattern, std::string_view path) {
  std::vector<std::string> arguments;
  if (!path.starts_with('/') ||
      std::count(pattern.begin(), pattern.end(), '/') != std::count(path.begin(), path.end(), '/')) {
    return std::nullopt;
  }
  while (!pattern.empty() || !path.empty()) {
    const std::string_view expected = next_part(pattern);
    const std::string_view part = next_part(path);
    if (expected.starts_with('<')) {
      if (!is_plain(part)) return std::nullopt;
      arguments.emplace_back(part);
    } else if (expected != part) {
      return std::nullopt;
    }
  }
  return arguments;
}

std::optional<net::Answer> refuse_by_header(Daemon& daemon, const net::IncomingRequest& request) {
  Direction found = direction(daemon, request);
  return found.route == nullptr ? std::optional(with_security_headers(std::move(found.refusal))) : std::nullopt;
}

net::Answer answer(Daemon& daemon, const net::IncomingRequest& request) {
  Direction found = direction(daemon, request);
  if (found.route == nullptr) return with_security_headers(std::move(found.refusal));
  return with_security_headers(
      found.route->answer(daemon, {.request = request, .arguments = std::move(found.arguments)}));
}

}  // namespace flowship::daemon
