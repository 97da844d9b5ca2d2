#pragma once

#include "daemon/config/branch_mapping.hpp"
#include "daemon/status/status.hpp"

#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace flowship::daemon {

/// Where everything that happens is noted, and everything that is shown is read. Thread-safe. What is told of a
/// repository or environment that is not there any more is dropped.
class StatusStore {
 public:
  StatusStore(Time started, std::chrono::milliseconds unhealthy_after);

  DaemonStatus status() const;
  /// Whether a push to a branch may change what is deployed: an environment follows it, or follows none so far.
  bool concerns(const std::string& repository, const std::string& branch) const;

  /// The repositories and environments there are from now on; of those that stay, all that is known stays.
  void set_parts(const std::vector<EnvironmentId>& environments, std::chrono::milliseconds unhealthy_after);
  void stopping();

  void fetched(const std::string& repository, Time now);
  void fetch_failed(const std::string& repository, const std::string& why, Time now);

  /// Which branch deploys to it.
  void follows(const EnvironmentId& id, const BranchMapping& followed, Time now);
  /// What the ledger tells, before this process has deployed anything.
  void knows(const EnvironmentId& id, const std::optional<Deployed>& deployed, std::vector<FinishedJob> recent);
  /// What waits now; nothing when nothing does.
  void waits(const EnvironmentId& id, const std::optional<WaitingJob>& job);
  void collapsed(const EnvironmentId& id);
  void began(const EnvironmentId& id, const RunningJob& job);
  void progressed(const EnvironmentId& id, const std::function<void(RunningJob&)>& change);
  /// `deployed` is what the ledger says now; nothing where nothing was ever deployed.
  void ended(const EnvironmentId& id, const FinishedJob& job, const std::optional<Deployed>& deployed,
             const std::string& project_id);
  void looked_for_drift(const EnvironmentId& id, const DriftReport& report);

  void delivered(const std::string& forge, const std::string& what_became_of_it);
  void notice_sent();
  void notice_lost();

 private:
  void change(const EnvironmentId& id, const std::function<void(EnvironmentStatus&)>& change);
  MirrorStatus* mirror(const std::string& repository);

  mutable std::mutex mutex_;
  DaemonStatus status_;
};

}  // namespace flowship::daemon
