#pragma once

#include "api/rate_budget.hpp"
#include "base/secret.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace flowship::daemon {

/// An environment of a repository in flowshipd.json. Empty if not given.
struct EnvironmentConfig {
  std::string name;
  std::string key_file;
  std::string base_url;
  std::string ca_file;
  /// The only project that the environment may deploy to.
  std::string project_id;
  /// The branch that deploys it; empty: flowship.json of the repository's default branch names it.
  std::string branch;
  /// Whether the ledger's entries are signed, whatever flowship.json says.
  bool sign = false;
  /// The configuration in the repository that has the environment; empty: flowship.json.
  std::string config_path;
  /// The other environments of the repository, each with its `config_path`.
  std::map<std::string, std::string> others = {};

  bool operator==(const EnvironmentConfig&) const = default;
};

struct RepositoryConfig {
  std::string name;
  std::string url;
  /// Zero: never.
  std::chrono::milliseconds poll{60'000};
  /// Empty: neither webhooks nor pushes from a hook are accepted.
  Secret webhook_secret;
  std::map<std::string, EnvironmentConfig> environments;
};

/// A receiver of notifications about deployments.
struct NotifyConfig {
  enum class Event { success, failure, drift };
  enum class Form { plain, slack };

  /// Scheme, host and port. The target, path and query, may be a secret.
  std::string base_url;
  Secret target;
  std::set<Event> on{Event::success, Event::failure, Event::drift};
  Form form = Form::plain;
  std::string ca_file;
};

/// Four for each core, 16 to 32: deployments mostly wait.
std::size_t default_threads();

/// flowshipd.json. Secrets are read with it, management keys when they are needed.
struct OperatorConfig {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8642;
  std::filesystem::path data;
  /// Names that requests may use for this server, besides loopback names and `address`. In lower case.
  std::set<std::string> allowed_hosts;
  /// Empty: not required, which is only allowed on loopback.
  Secret status_token;
  /// Zero: never.
  std::chrono::milliseconds drift_check{0};
  std::chrono::milliseconds shutdown{30'000};
  std::chrono::milliseconds unhealthy_after{900'000};
  /// How long work may show no progress before the daemon counts as stuck. The first fetch of a large repository has
  /// 20 minutes.
  std::chrono::milliseconds watchdog{1'800'000};
  /// How many deployments run at a time.
  std::size_t threads = default_threads();
  /// Of requests to each address of the service; nothing: learnt.
  std::optional<api::Rate> rate_limit;
  std::vector<NotifyConfig> notify;
  std::map<std::string, RepositoryConfig> repositories;
};

/// Parses flowshipd.json. Paths in it are relative to `folder`. Throws `Error` of `Fault::invalid` with line and column
/// for anything unknown, of the wrong type or unusable, such as a key that others can read.
OperatorConfig parse_operator_config(std::string text, const std::string& name, const std::filesystem::path& folder);

/// Reads and parses the file; a missing one is a usage `Error`.
OperatorConfig load_operator_config(const std::filesystem::path& file);

/// Warnings about weak but valid settings.
std::vector<std::string> weaknesses(const OperatorConfig& config);

}  // namespace flowship::daemon
