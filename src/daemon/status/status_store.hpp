#pragma once

#include "daemon/config/branch_mapping.hpp"
#include "daemon/status/status.hpp"

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace flowship::daemon {

/// Collects the status of the daemon. Thread-safe. Reports about repositories or environments that no longer exist are
/// dropped.
class StatusStore {
 public:
  StatusStore(Time started, std::chrono::milliseconds unhealthy_after);

  DaemonStatus status() const;
  /// True if a push to a branch may change an environment: one that the branch deploys, one without a branch, or any if
  /// it is the default branch.
  bool concerns(const std::string& repository, const std::string& branch) const;

  /// Replaces the repositories and environments; those that remain keep their status. `commit_pages` has the address of
  /// commits' pages by repository.
  void configure(const std::vector<EnvironmentId>& environments, std::chrono::milliseconds unhealthy_after,
                 const std::map<std::string, std::string>& commit_pages = {});
  void stopping();

  void fetched(const std::string& repository, Time now);
  void fetch_failed(const std::string& repository, const std::string& why, Time now);

  void default_branch_known(const std::string& repository, const std::string& branch);
  /// Which branch deploys the environment.
  void branch_mapped(const EnvironmentId& id, const BranchMapping& mapping, Time now);
  /// What the ledger says, before this process has deployed anything.
  void ledger_read(const EnvironmentId& id, const std::optional<Deployed>& deployed, std::vector<FinishedJob> recent);
  /// The job that waits now, if any.
  void job_waiting(const EnvironmentId& id, const std::optional<WaitingJob>& job);
  void job_started(const EnvironmentId& id, const RunningJob& job);
  void job_progressed(const EnvironmentId& id, const std::function<void(RunningJob&)>& change);
  /// `deployed` is what the ledger says now; nothing before the first deployment.
  void job_ended(const EnvironmentId& id, const FinishedJob& job, const std::optional<Deployed>& deployed,
                 const std::string& project_id);
  void drift_checked(const EnvironmentId& id, const DriftReport& report);

  void delivered(const std::string& forge, const std::string& outcome);
  void notice_sent();
  void notice_lost();

 private:
  void change(const EnvironmentId& id, const std::function<void(EnvironmentStatus&)>& change);
  MirrorStatus* mirror(const std::string& repository);

  mutable std::mutex mutex_;
  DaemonStatus status_;
};

}  // namespace flowship::daemon
