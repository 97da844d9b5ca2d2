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

/// A git host that sends webhooks, or one of the ways in which it does.
struct Forge {
  /// For logs and metrics.
  std::string_view name;
  /// The header field that names the event; that it is there tells the forge.
  std::string_view event_field;
  /// What that field says of a push. None: it does not name the event, so everything has to be a push.
  std::array<std::string_view, 2> push_events;
  /// Where the id of a delivery is, which stays the same when it is sent again; the first that is there counts.
  std::array<std::string_view, 2> id_fields;
  /// Whether the request was sent by somebody who knows the secret.
  bool (*is_signed)(const net::Request& request, const Secret& secret, Time now);
  std::vector<RefUpdate> (*read)(json::Value payload);

  bool tells_of_push(std::string_view event) const;
  /// Nothing where the forge sends none.
  std::optional<std::string> delivery_id(const net::Headers& headers) const;
};

/// All of them, in the order in which they are looked for: Forgejo sends Gitea's fields as well, and both send
/// GitHub's. To add one: a row, and a function for how it signs where none fits.
std::span<const Forge> forges();

/// The first whose `event_field` is there; null when none is.
const Forge* forge_of(const net::Headers& headers);

}  // namespace flowship::daemon
