#pragma once

#include "json/document.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What is read of a webhook's payload: refs and their new commits. Names of repositories, addresses and people in it
// are not used.

namespace flowship::daemon {

/// A ref that a push changed.
struct RefUpdate {
  /// The full name, valid for git.
  std::string ref;
  /// 40 or 64 hexadecimal digits; empty for a ref that was deleted.
  std::string commit;

  /// The branch's name without `refs/heads/`; nothing for any other ref.
  std::optional<std::string> branch() const;
  bool operator==(const RefUpdate&) const = default;
};

/// Pushes of GitHub, GitLab, Gitea and Forgejo: `ref` and `after`. Throws `Error` of `Fault::invalid` with line and
/// column for an invalid payload.
std::vector<RefUpdate> read_push(json::Value payload);

/// Pushes of Bitbucket Cloud (`push.changes`) and Data Center (`changes`), which may have several refs.
std::vector<RefUpdate> read_bitbucket_push(json::Value payload);

/// The decoded `payload` of a form (`application/x-www-form-urlencoded`); nothing if it is not the first field.
std::optional<std::string> payload_of_form(std::string_view form);

}  // namespace flowship::daemon
