#pragma once

#include "api/address.hpp"
#include "api/retry.hpp"
#include "api/service.hpp"
#include "base/clock.hpp"
#include "base/stop.hpp"
#include "deploy/apply/outcome.hpp"
#include "deploy/config/credentials.hpp"
#include "deploy/ledger/ledger.hpp"
#include "deploy/plan/workspace.hpp"
#include "git/remote/transport.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace flowship::deploy {

/// How the service is reached; never read from the repository.
struct Connection {
  /// Empty: `DESCOPE_BASE_URL`, else what the project id says.
  std::string base_url;
  std::string key_file;
  std::string ca_file;
  std::chrono::milliseconds connect_limit{10'000};
  std::chrono::milliseconds request_limit{60'000};
  /// For one fetch or push of a shared ledger.
  std::chrono::milliseconds git_limit = git::kGitPatience;
  api::RetryLimits retry;
  api::Urgency urgency = api::Urgency::deployment;
};

/// What a deployment gets from its caller.
struct Context {
  const Clock& clock;
  const StopSignal& stop;
  Progress& progress;
  Variables variables;
  /// What deployments of one process share about the services' addresses.
  std::shared_ptr<api::Addresses> addresses = std::make_shared<api::Addresses>();
};

/// The project and the key of the workspace's environment. Throws `Error` of `Fault::credentials` without them.
api::Credentials credentials_of(const Workspace& workspace, const Connection& connection, const Context& context);

/// The error where a ledger is of another project than `project_id`, which may be empty where it is not known.
std::optional<Error> other_project(const std::optional<LedgerEntry>& head, const Environment& environment,
                                   const std::string& project_id);

/// The address of the service for a project.
std::string base_url(const Connection& connection, const std::string& project_id, const Context& context);

/// The options of a service client, address and retries included.
api::ServiceOptions service_options(const Connection& connection, api::Credentials credentials, const Context& context);

/// What every command that uses the service and appends to the ledger starts with.
struct Session {
  api::Credentials credentials;
  api::Service service;
  /// The ledger's newest entry.
  std::optional<LedgerEntry> head;
};

/// Fetches the ledger. Throws `Error` without credentials, and where the ledger is of another project. Clock, stop
/// signal and progress must outlive the session.
Session open_session(Workspace& workspace, const Connection& connection, const Context& context);

/// The service alone, for the ledger as it was read last. Throws `Error` where that is of another project.
api::Service open_service(const Workspace& workspace, const Connection& connection, const Context& context);

}  // namespace flowship::deploy
