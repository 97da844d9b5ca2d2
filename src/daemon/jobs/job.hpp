#pragma once

#include "api/address.hpp"
#include "daemon/config/operator_config.hpp"
#include "daemon/jobs/job_queue.hpp"
#include "daemon/jobs/mirror.hpp"
#include "daemon/status/status.hpp"
#include "deploy/apply/deploy.hpp"

#include <chrono>
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
  /// Ends git, whatever it does.
  const StopSignal& cut;
  deploy::Progress& progress;
  std::shared_ptr<api::Addresses> addresses;
  /// After a stop, how long until the process ends; nothing: as long as it takes.
  std::optional<std::chrono::milliseconds> shutdown = {};
  /// The environment's last job could not record its result.
  bool takes_over_own = false;
};

/// What a deployment needs besides the mirror.
struct Destination {
  std::shared_ptr<api::Address> address;
  bool shares_ledger = false;
};

/// Where the target is to be deployed; nothing if that can't be found out: the job reports why. Asks nobody.
std::optional<Destination> destination_of(const Target& target, const JobContext& job_context);

/// Result of a job.
struct JobResult {
  FinishedJob job;
  std::optional<Deployed> deployed;
  std::string project_id;
  /// What was sent could not be recorded.
  bool is_unrecorded = false;
  /// The mirror has the result, but the shared ledger does not. The job's outcome is this one once it does.
  bool is_kept = false;
  JobOutcome once_shared = JobOutcome::deployed;
  /// Who holds the environment, if the outcome is `held`.
  std::string holder;
};

/// Deploys the target of the request like `flowship deploy`. Never throws: errors become the job's outcome. The caller
/// sets the job's id and times.
JobResult run_job(const JobRequest& request, const JobContext& job_context);

/// Tries once to share the result that the mirror keeps of a job. False if the ledger still can't have it; otherwise
/// the result says what became of it. Never throws.
bool share_kept(const Target& target, const JobContext& job_context, JobResult& result);

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
