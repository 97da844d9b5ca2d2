#pragma once

#include "daemon/jobs/job.hpp"
#include "deploy/apply/options.hpp"
#include "deploy/plan/workspace.hpp"
#include "git/repository.hpp"

namespace flowship::daemon {

/// The repository and the workspace of a job's commit. Throws `Error` where the operator's file forbids what the
/// commit's flowship.json says.
struct JobWorkspace {
  JobWorkspace(const Target& target, const JobContext& context_of_job);

  deploy::DeployOptions options() const;
  deploy::Context context() const;

  const JobContext& job_context;
  git::Repository repository;
  deploy::Workspace workspace;
};

}  // namespace flowship::daemon
