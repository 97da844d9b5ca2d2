#pragma once

#include "base/secret.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace flowship::daemon {

/// One environment of a repository, as the operator's file has it. Empty texts: not given.
struct EnvironmentConfig {
  std::string name;
  std::string key_file;
  std::string base_url;
  std::string ca_file;
  /// The project that the environment may deploy to.
  std::string project_id;

  bool operator==(const EnvironmentConfig&) const = default;
};

struct RepositoryConfig {
  std::string name;
  std::string url;
  /// Zero: never.
  std::chrono::milliseconds poll{60'000};
  /// Empty: no webhooks and no pushes from a hook.
  Secret webhook_secret;
  std::map<std::string, EnvironmentConfig> environments;
};

/// Somebody to tell of what became of deployments.
struct NotifyConfig {
  enum class Event { success, failure };
  enum class Form { plain, slack };

  /// Scheme, host and port; the target, path and query, may be a secret.
  std::string base_url;
  Secret target;
  std::set<Event> on{Event::success, Event::failure};
  Form form = Form::plain;
  std::string ca_file;
};

/// What flowshipd.json says. Secrets are read when it is, keys when they are needed.
struct OperatorConfig {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8642;
  std::filesystem::path data;
  /// Empty: none is asked for, which loopback alone may do.
  Secret status_token;
  /// Zero: never.
  std::chrono::milliseconds drift_check{0};
  std::chrono::milliseconds shutdown{30'000};
  std::chrono::milliseconds unhealthy_after{900'000};
  std::vector<NotifyConfig> notify;
  std::map<std::string, RepositoryConfig> repositories;
};

/// Reads flowshipd.json's text. Relative paths in it start at `folder`. Whatever is not known, of the wrong type or
/// can't be used (a key that others can read, an address that is none) is an `Error` of `Fault::invalid` with line and
/// column.
OperatorConfig parse_operator_config(std::string text, const std::string& name, const std::filesystem::path& folder);

/// The same of a file; one that is not there is an `Error` of usage.
OperatorConfig load_operator_config(const std::filesystem::path& file);

/// What can be used, but had better be otherwise.
std::vector<std::string> weaknesses(const OperatorConfig& config);

}  // namespace flowship::daemon
