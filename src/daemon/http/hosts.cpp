#include "daemon/http/hosts.hpp"

#include "daemon/http/signature.hpp"

#include <algorithm>

namespace flowship::daemon {

namespace {

bool is_signed_by_forgejo(const net::Request& request, const Secret& secret, Time) {
  return has_hex_signature(request, "X-Forgejo-Signature", "", secret);
}

bool is_signed_by_gitea(const net::Request& request, const Secret& secret, Time) {
  return has_hex_signature(request, "X-Gitea-Signature", "", secret);
}

/// The secret determines which of GitLab's two schemes applies, so that a sender can't choose the weaker one.
bool is_signed_by_gitlab(const net::Request& request, const Secret& secret, Time now) {
  return is_signing_token(secret) ? has_standard_signature(request, secret, now)
                                  : has_token(request, "X-Gitlab-Token", secret);
}

bool is_signed_by_github(const net::Request& request, const Secret& secret, Time) {
  return has_hex_signature(request, "X-Hub-Signature-256", "sha256=", secret);
}

bool is_signed_by_bitbucket(const net::Request& request, const Secret& secret, Time) {
  return has_hex_signature(request, "X-Hub-Signature", "sha256=", secret);
}

constexpr Forge kForges[] = {
    {"forgejo", "X-Forgejo-Event", {"push"}, {"X-Forgejo-Delivery"}, is_signed_by_forgejo, read_push},
    {"gitea", "X-Gitea-Event", {"push"}, {"X-Gitea-Delivery"}, is_signed_by_gitea, read_push},
    {"gitlab", "X-Gitlab-Event", {"Push Hook"}, {"webhook-id", "Idempotency-Key"}, is_signed_by_gitlab, read_push},
    {"github", "X-GitHub-Event", {"push"}, {"X-GitHub-Delivery"}, is_signed_by_github, read_push},
    {"bitbucket",
     "X-Event-Key",
     {"repo:push", "repo:refs_changed"},
     {"X-Request-UUID", "X-Request-Id"},
     is_signed_by_bitbucket,
     read_bitbucket_push},
    {"gitlab", "webhook-signature", {}, {"webhook-id"}, is_signed_by_gitlab, read_push},
};

}  // namespace

bool Forge::is_push_event(std::string_view event) const {
  return push_events.front().empty() ||
         (!event.empty() && std::find(push_events.begin(), push_events.end(), event) != push_events.end());
}

std::optional<std::string> Forge::delivery_id(const net::Headers& headers) const {
  for (const std::string_view field : id_fields) {
    std::optional<std::string> id = field.empty() ? std::nullopt : headers.find(field);
    if (id && !id->empty()) return id;
  }
  return std::nullopt;
}

std::span<const Forge> forges() { return kForges; }

const Forge* forge_of(const net::Headers& headers) {
  const auto found = std::find_if(std::begin(kForges), std::end(kForges),
                                  [&](const Forge& forge) { return headers.find(forge.event_field).has_value(); });
  return found == std::end(kForges) ? nullptr : found;
}

}  // namespace flowship::daemon
