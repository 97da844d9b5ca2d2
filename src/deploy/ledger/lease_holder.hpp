#pragma once

#include <string>

namespace flowship::deploy {

/// The process that deploys to an environment, as its intent records it.
struct LeaseHolder {
  std::string host;
  /// Boot id and process id namespace: process ids can be compared only within one realm.
  std::string realm;
  long pid = 0;
  /// Start time in clock ticks since boot: distinguishes it from a later process with the same id.
  std::string started;
  /// The address of the GitHub or GitLab run that it is a part of; empty elsewhere.
  std::string run = {};

  bool operator==(const LeaseHolder&) const = default;
};

LeaseHolder this_process();

/// `elsewhere`: on another machine or in another container, where it can't be observed.
enum class Liveness { alive, gone, elsewhere };

Liveness liveness_of(const LeaseHolder& holder);

}  // namespace flowship::deploy
