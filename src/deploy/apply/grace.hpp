#pragma once

#include "api/service.hpp"
#include "base/stop.hpp"

#include <chrono>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace flowship::deploy {

/// Breaks off what is in flight once a stop was requested so long ago.
class Grace {
 public:
  /// Without a length nothing is ever broken off. `stop` must outlive it.
  Grace(const StopSignal& stop, std::optional<std::chrono::milliseconds> length);
  ~Grace();
  Grace(const Grace&) = delete;
  Grace& operator=(const Grace&) = delete;

  /// The service, which must outlive this, is cut when the grace is over.
  void covers(api::Service& service);
  /// The signal, which must outlive this, is given when the grace is over.
  void ends(StopSignal& signal);

 private:
  void wait(std::chrono::milliseconds length);

  const StopSignal& stop_;
  std::mutex mutex_;
  std::vector<api::Service*> services_;
  std::vector<StopSignal*> signals_;
  bool is_over_ = false;
  StopSignal ended_;
  std::thread thread_;
};

}  // namespace flowship::deploy
