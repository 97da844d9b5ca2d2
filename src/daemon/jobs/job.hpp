#pragma once

#include "daemon/config/operator_config.hpp"
#include "daemon/jobs/job_queue.hpp"
#include "daemon/jobs/mirror.hpp"
#include "daemon/status/status.hpp"
#include "deploy/apply/deploy.hpp"

#include <optional>
#include <string>
#include <vector>

namespace flowship::daemon {

/// Where a job works, and with what.
struct JobSite {
  const Mirror& mirror;
  const EnvironmentConfig& environment;
  const Clock& clock;
  const StopSignal& stop;
  deploy::Progress& progress;
};

/// What a job leaves behind.
struct JobResult {
  FinishedJob job;
  std::optional<Deployed> deployed;
  std::string project_id;
};

/// Deploys what the order says, by the same pipeline as `flowship deploy`. Never throws: whatever goes wrong is the
/// job's outcome. The caller gives the job its id and times.
JobResult run_job(const Order& order, const JobSite& site);

/// What the ledger of an environment says without a job, and its last deployments.
struct LedgerFacts {
  std::optional<Deployed> deployed;
  std::vector<FinishedJob> recent;
};
LedgerFacts read_ledger(const Target& target, const JobSite& site);

/// Compares the service with the ledger; changes nothing, and never throws.
DriftReport look_for_drift(const Target& target, const JobSite& site);

}  // namespace flowship::daemon
