#pragma once

#include "daemon/config/branch_mapping.hpp"
#include "daemon/config/operator_config.hpp"
#include "daemon/jobs/environment_worker.hpp"
#include "daemon/jobs/mirror.hpp"

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace flowship::daemon {

/// One repository: fetches its mirror when something asks for it and at its interval, and offers each environment what
/// its branch is at. Says nothing twice: what it offers is the state, not the event, so none can be lost.
class RepositoryRunner {
 public:
  RepositoryRunner(RepositoryConfig config, const std::filesystem::path& data, std::chrono::milliseconds drift_check,
                   const Shared& shared);
  ~RepositoryRunner();
  RepositoryRunner(const RepositoryRunner&) = delete;
  RepositoryRunner& operator=(const RepositoryRunner&) = delete;

  const RepositoryConfig& config() const { return config_; }
  std::chrono::milliseconds drift_check() const { return drift_check_; }
  const std::filesystem::path& mirror_folder() const { return mirror_.folder(); }

  /// Fetches soon, once for all that ask meanwhile.
  void fetch_soon(Trigger trigger);
  /// Asks all threads to end, and returns at once.
  void stop();
  bool has_ended() const;

 private:
  void run();
  std::optional<Trigger> wait_for_reason();
  void fetch(Trigger trigger);
  /// Why the fetch failed; empty when it did not.
  void note(const std::string& failure);
  void offer_all(Trigger trigger);
  void look_at_branches(const std::map<std::string, git::ObjectId>& heads);

  RepositoryConfig config_;
  std::chrono::milliseconds drift_check_;
  Shared shared_;
  Log log_;
  StopSignal stop_;
  Mirror mirror_;
  std::map<std::string, BranchFacts> branches_;
  /// Environment to the branch that deploys it.
  std::map<std::string, BranchMapping> followed_;
  int failures_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<Trigger> asked_ = Trigger::start;
  Ticks next_fetch_ = Ticks::max();
  std::atomic<bool> ended_{false};
  std::vector<std::unique_ptr<EnvironmentWorker>> workers_;
  std::thread thread_;
};

}  // namespace flowship::daemon
