#pragma once

#include "base/clock.hpp"
#include "base/stop.hpp"
#include "daemon/config/operator_config.hpp"
#include "daemon/log.hpp"
#include "daemon/status/status_store.hpp"

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace flowship::daemon {

/// The body that tells of a job, in the form that the receiver takes.
std::string notice_text(NotifyConfig::Form form, const EnvironmentId& id, const FinishedJob& job);

/// Whether somebody who asked for `on` is to hear of a job; `failures` are those of its commit before.
bool is_worth_a_notice(const std::set<NotifyConfig::Event>& on, const FinishedJob& job, int failures);

/// Tells one receiver of jobs, in order, in a thread of its own; each is tried several times, and holds up nobody.
class Receiver {
 public:
  Receiver(NotifyConfig config, const Clock& clock, StatusStore& board, Log log);
  /// Drops what was not told yet.
  ~Receiver();
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;

  void tell(const EnvironmentId& id, const FinishedJob& job, int failures);

 private:
  void run();
  void send(const std::string& body);

  NotifyConfig config_;
  const Clock& clock_;
  StatusStore& board_;
  Log log_;
  StopSignal stop_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> waiting_;
  std::thread thread_;
};

/// All receivers. Thread-safe.
class Notifier {
 public:
  Notifier(const Clock& clock, StatusStore& board, Log log) : clock_(clock), board_(board), log_(std::move(log)) {}

  /// From now on tells these.
  void configure(const std::vector<NotifyConfig>& receivers);
  void tell(const EnvironmentId& id, const FinishedJob& job, int failures);

 private:
  const Clock& clock_;
  StatusStore& board_;
  Log log_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Receiver>> receivers_;
};

}  // namespace flowship::daemon
