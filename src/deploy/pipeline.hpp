#pragma once

#include "api/service.hpp"
#include "base/clock.hpp"
#include "base/stop.hpp"
#include "deploy/config.hpp"
#include "deploy/credentials.hpp"
#include "deploy/deployment.hpp"
#include "deploy/ledger.hpp"
#include "deploy/plan.hpp"
#include "git/revision.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace flowship::deploy {

/// A repository, one of its revisions and one of its environments: what every command on deployments works on. The
/// repository must outlive it.
struct Workspace {
  Workspace(const git::Repository& of, git::Revision from, const std::optional<std::string>& config_file,
            const std::string& environment_name);
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;

  const git::Repository& repository;
  git::Revision revision;
  Config config;
  const Environment& environment;
  Ledger ledger;
};

/// How the service is reached; none of it is ever read from the repository.
struct Connection {
  /// Empty: `DESCOPE_BASE_URL`, else what the project id says.
  std::string base_url;
  std::string key_file;
  std::string ca_file;
  std::chrono::milliseconds connect_limit{10'000};
  std::chrono::milliseconds request_limit{60'000};
  api::RetryLimits retry;
};

struct DeployOptions {
  Connection connection;
  /// The flows to restrict the deployment to; empty: all that changed.
  std::vector<std::string> flows;
  /// Requests at a time, 1 to 32.
  int concurrency = 4;
  /// How long an intent of another machine is waited for before it counts as dead.
  std::chrono::milliseconds lock_timeout{15 * 60'000};
};

/// What a deployment needs from outside.
struct Surroundings {
  const Clock& clock;
  const StopSignal& stop;
  Progress& progress;
  Variables variables;
};

struct DeployResult {
  Plan plan;
  /// Nothing when validation found errors, so that nothing was begun.
  std::optional<Deployment> deployment;
};

/// What `deploy` would do now, by the ledger alone; needs no key and no network.
Plan plan(const Workspace& workspace, const std::vector<std::string>& flows, const Variables& variables);

/// From a revision to its outcome: settles a deployment that died, plans, validates, appends the intent, sends,
/// appends the result. Throws `Error` of `Fault::held` when another deployment is under way.
DeployResult deploy(const Workspace& workspace, const DeployOptions& options, const Surroundings& surroundings);

/// The deployments of the ledger, newest first; one that is not finished comes first and says so.
std::vector<PastDeployment> history(const Ledger& ledger);

}  // namespace flowship::deploy
