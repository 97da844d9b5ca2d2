#pragma once

#include "json/document.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// All that is read of what a forge sends: refs, and the commits that they are at now. Names of repositories, addresses
// and people in it are looked at by nobody.

namespace flowship::daemon {

/// What a push made of one ref.
struct RefUpdate {
  /// The full name, of a shape that git takes.
  std::string ref;
  /// 40 or 64 hexadecimal digits; empty for a ref that was deleted.
  std::string commit;

  /// The branch's name without `refs/heads/`; nothing for any other ref.
  std::optional<std::string> branch() const;
  bool operator==(const RefUpdate&) const = default;
};

/// What GitHub, GitLab, Gitea and Forgejo tell of a push: `ref` and `after`. Throws `Error` of `Fault::invalid`, with
/// line and column, for what can't be a push.
std::vector<RefUpdate> read_push(json::Value payload);

/// The same of Bitbucket, Cloud (`push.changes`) and Data Center (`changes`), where a push may move several refs.
std::vector<RefUpdate> read_bitbucket_push(json::Value payload);

/// What stands after `payload=` in a form (`application/x-www-form-urlencoded`), decoded; nothing when it is no such
/// form.
std::optional<std::string> payload_of_form(std::string_view form);

}  // namespace flowship::daemon
