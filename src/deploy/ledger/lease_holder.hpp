#pragma once

#include <string>

namespace flowship::deploy {

/// The process that holds an environment while it deploys, as an intent names it.
struct LeaseHolder {
  std::string host;
  /// Boot and process id namespace: where they differ, process ids can't be compared.
  std::string realm;
  long pid = 0;
  /// When the process started, in clock ticks since boot; tells it from a later one with the same id.
  std::string started;

  bool operator==(const LeaseHolder&) const = default;
};

/// This process.
LeaseHolder this_process();

enum class Liveness { alive, gone, elsewhere };

/// Whether `holder` still runs; `elsewhere` when it is of another machine or container, where that can't be seen.
Liveness liveness_of(const LeaseHolder& holder);

}  // namespace flowship::deploy
