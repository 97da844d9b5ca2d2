#pragma once

#include "daemon/config/branch_mapping.hpp"
#include "daemon/config/operator_config.hpp"
#include "daemon/jobs/environment_worker.hpp"
#include "daemon/jobs/mirror.hpp"

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace flowship::daemon {

/// Fetches the mirror of one repository, on request and at its interval, and offers each environment the tip of its
/// branch. It offers the state, not the event, so no event can be lost.
class RepositoryRunner {
 public:
  RepositoryRunner(RepositoryConfig config, const std::filesystem::path& data, std::chrono::milliseconds drift_check,
                   const Shared& shared);
  ~RepositoryRunner();
  RepositoryRunner(const RepositoryRunner&) = delete;
  RepositoryRunner& operator=(const RepositoryRunner&) = delete;

  const RepositoryConfig& config() const { return config_; }
  void set_drift_check(std::chrono::milliseconds interval);
  const std::filesystem::path& mirror_folder() const { return mirror_.folder(); }

  /// Fetches soon, once for all requests until then.
  void fetch_soon(Trigger trigger);
  /// Null if there is no such environment.
  EnvironmentWorker* worker(const std::string& environment);
  /// Starts nothing any more, without waiting for what runs.
  void stop();
  /// After `stop`: whether nothing runs any more.
  bool has_ended() const;

 private:
  /// Fetches, if that is due.
  void step();
  void fetch(Trigger trigger);
  /// Notes the failure of a fetch, or its success if that is empty.
  void note_fetch(const std::string& failure);
  void offer_all(Trigger trigger);

  RepositoryConfig config_;
  Shared shared_;
  Log log_;
  StopSignal stop_;
  Mirror mirror_;
  /// As read last, so that it is read again only when it has moved.
  /// By the path of the configuration; empty for flowship.json.
  std::map<std::string, DefaultBranch> default_branches_;
  /// Branches have been offered since the start.
  bool has_offered_ = false;
  /// Environment to the branch that deploys it.
  std::map<std::string, BranchMapping> mappings_;
  int failures_ = 0;
  std::mutex mutex_;
  std::optional<Trigger> asked_;
  std::vector<std::unique_ptr<EnvironmentWorker>> workers_;
  // Last, so that no step runs without the rest.
  Task fetches_;
};

}  // namespace flowship::daemon
