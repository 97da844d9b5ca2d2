#pragma once

#include "api/address.hpp"
#include "daemon/config/operator_config.hpp"
#include "daemon/jobs/job_queue.hpp"
#include "daemon/jobs/mirror.hpp"
#include "daemon/status/status.hpp"
#include "deploy/apply/deploy.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace flowship::daemon {

/// What a job works with.
struct JobContext {
  const Mirror& mirror;
  const EnvironmentConfig& environment;
  const Clock& clock;
  const StopSignal& stop;
  deploy::Progress& progress;
  std::shared_ptr<api::Addresses> addresses;
  /// The environment's last job could not record its result.
  bool takes_over_own = false;
};

/// Result of a job.
struct JobResult {
  FinishedJob job;
  std::optional<Deployed> deployed;
  std::string project_id;
  /// What was sent could not be recorded.
  bool is_unrecorded = false;
  /// Who holds the environment, if the outcome is `held`.
  std::string holder;
};

/// Deploys the target of the request like `flowship deploy`. Never throws: errors become the job's outcome. The caller
/// sets the job's id and times.
JobResult run_job(const JobRequest& request, const JobContext& job_context);

/// Who holds the environment; nothing if nobody does, or if that can't be found out: the job reports why. Asks the
/// ledger's remote, but not the service.
std::optional<std::string> lease_holder(const Target& target, const JobContext& job_context);

/// What the ledger of an environment says before the first job, and its last deployments.
struct LedgerFacts {
  std::optional<Deployed> deployed;
  std::vector<FinishedJob> recent;
};
LedgerFacts read_ledger(const Target& target, const JobContext& job_context);

/// Compares the service with the ledger. Changes nothing and never throws.
DriftReport check_drift(const Target& target, const JobContext& job_context);

}  // namespace flowship::daemon
