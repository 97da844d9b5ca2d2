#pragma once

#include "daemon/jobs/pool.hpp"
#include "daemon/log.hpp"
#include "daemon/status/status_store.hpp"
#include "deploy/apply/outcome.hpp"

#include <string>

namespace flowship::daemon {

/// Reports the progress of a deployment to the status store and the log.
class JobProgress final : public deploy::Progress {
 public:
  JobProgress(const EnvironmentId& id, StatusStore& status_store, const Log& log, Task& task)
      : id_(id), status_store_(status_store), log_(log), task_(task) {}

  void phase(std::string_view, std::size_t) override { task_.progressed(); }
  void stepped() override { task_.progressed(); }
  void started(std::size_t steps) override;
  void sending(const deploy::Change&) override;
  void accepted(const deploy::Change&) override { task_.progressed(); }
  void waiting(const std::string& why) override;
  void done(const deploy::FlowResult& result) override;
  void finished() override { task_.progressed(); }

 private:
  const EnvironmentId& id_;
  StatusStore& status_store_;
  const Log& log_;
  Task& task_;
};

/// A drift check that waits for the rate budget, behind deployments, is not stuck.
class DriftCheckProgress final : public deploy::Progress {
 public:
  explicit DriftCheckProgress(Task& task) : task_(task) {}

  void phase(std::string_view, std::size_t) override { task_.progressed(); }
  void stepped() override { task_.progressed(); }
  void waiting(const std::string&) override { task_.pauses(); }
  void started(std::size_t) override {}
  void sending(const deploy::Change&) override {}
  void accepted(const deploy::Change&) override {}
  void done(const deploy::FlowResult&) override {}
  void finished() override {}

 private:
  Task& task_;
};

}  // namespace flowship::daemon
