#pragma once

#include "flow/layouts/reading.hpp"
#include "flow/model/flow.hpp"

#include <string>
#include <vector>

namespace flowship::flow {

/// A source's claim to an id.
struct Claim {
  std::string id;
  /// The source: a snapshot's folder, or a file.
  std::string source;
  /// Where the id stands.
  std::string path;
  json::Position position;
};

/// The problem that two sources have one id, or ids that differ in case only: told of the one whose path comes later.
Problem clash(const Claim& one, const Claim& other);

/// What is wrong with the ids of flows: those that the service would not take, and those that are given twice, exactly
/// or but for their case; of two such flows the one whose path comes later is at fault.
void check_ids(const std::vector<Flow>& flows, std::vector<Problem>& problems);

}  // namespace flowship::flow
