#pragma once

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "daemon/http/webhook_event.hpp"
#include "net/message.hpp"

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace flowship::daemon {

/// A git host that sends webhooks, or one of its webhook schemes.
struct Forge {
  /// For logs and metrics.
  std::string_view name;
  /// The header that names the event; its presence identifies the forge.
  std::string_view event_field;
  /// Its values for a push. None: the header does not name the event, and everything is taken for a push.
  std::array<std::string_view, 2> push_events;
  /// Headers with the id of a delivery, which repeated deliveries share; the first present one is used.
  std::array<std::string_view, 2> id_fields;
  /// True if the sender knows the secret.
  bool (*is_signed)(const net::Request& request, const Secret& secret, Time now);
  std::vector<RefUpdate> (*read)(json::Value payload);

  bool is_push_event(std::string_view event) const;
  /// Nothing if the forge sent none.
  std::optional<std::string> delivery_id(const net::Headers& headers) const;
};

/// All forges, in the order of detection: Forgejo also sends Gitea's headers, and both send GitHub's. To add one, add a
/// row, and a function for its signature if none fits.
std::span<const Forge> forges();

/// The first whose `event_field` is present, or null.
const Forge* forge_of(const net::Headers& headers);

}  // namespace flowship::daemon
