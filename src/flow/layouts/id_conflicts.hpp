#pragma once

#include "flow/layouts/reading.hpp"
#include "flow/model/flow.hpp"

#include <string>
#include <vector>

namespace flowship::flow {

/// A source's claim to an id.
struct Claim {
  std::string id;
  /// A snapshot's folder, or a file.
  std::string source;
  /// Where the id is written.
  std::string path;
  json::Position position;
};

/// The problem that two sources have the same id, or ids that differ only in case: at the one whose path comes later.
Problem id_conflict(const Claim& one, const Claim& other);

/// Ids that the service does not accept, and id conflicts between the flows.
void check_ids(const std::vector<Flow>& flows, std::vector<Problem>& problems);

}  // namespace flowship::flow
