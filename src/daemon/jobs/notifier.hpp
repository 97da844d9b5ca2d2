#pragma once

#include "base/clock.hpp"
#include "base/stop.hpp"
#include "daemon/config/operator_config.hpp"
#include "daemon/log.hpp"
#include "daemon/status/status_store.hpp"
#include "net/client.hpp"

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace flowship::daemon {

/// The body of a notification in the receiver's form.
std::string notice_text(NotifyConfig::Form form, const EnvironmentId& id, const FinishedJob& job);

/// The same of a drift check that found something new.
std::string notice_text(NotifyConfig::Form form, const EnvironmentId& id, const DriftReport& report);

/// True if a job is reported to a receiver of `on`; `failures` counts earlier failures of its commit.
bool wants_notice(const std::set<NotifyConfig::Event>& on, const FinishedJob& job, int failures);

/// Sends notifications to one receiver, in order, in its own thread, with retries.
class Receiver {
 public:
  Receiver(NotifyConfig config, const Clock& clock, StatusStore& status_store, Log log);
  /// Stops, and waits for that.
  ~Receiver();
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;

  void notify(const EnvironmentId& id, const FinishedJob& job, int failures);
  void notify(const EnvironmentId& id, const DriftReport& report);
  /// Gives what is queued some seconds more, whatever the receiver does, and drops the rest. Does not wait.
  void stop();

 private:
  void enqueue(const std::string& body);
  void run();
  void send(const std::string& body);
  std::shared_ptr<net::Client> connect();

  NotifyConfig config_;
  const Clock& clock_;
  StatusStore& status_store_;
  Log log_;
  StopSignal stop_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> waiting_;
  /// Of the request in flight.
  std::shared_ptr<net::Client> client_;
  /// What is queued is dropped.
  bool is_over_ = false;
  bool has_ended_ = false;
  Ticks deadline_;
  std::thread thread_;
};

/// All receivers. Thread-safe.
class Notifier {
 public:
  Notifier(const Clock& clock, StatusStore& status_store, Log log)
      : clock_(clock), status_store_(status_store), log_(std::move(log)) {}
  ~Notifier() { configure({}); }
  Notifier(const Notifier&) = delete;
  Notifier& operator=(const Notifier&) = delete;

  /// Replaces the receivers.
  void configure(const std::vector<NotifyConfig>& receivers);
  void notify(const EnvironmentId& id, const FinishedJob& job, int failures);
  void notify(const EnvironmentId& id, const DriftReport& report);

 private:
  const Clock& clock_;
  StatusStore& status_store_;
  Log log_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Receiver>> receivers_;
};

}  // namespace flowship::daemon
