#pragma once

#include "check/engine/check.hpp"
#include "flow/merge/merge.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace flowship::check {

/// The other flows of a version's revision.
struct FlowsBeside {
  const FlowLookup& flows;
  /// Those that may run a flow, directly or not. May be empty.
  std::function<std::vector<flow::Flow>(const std::string& flow_id)> users = {};
};
/// Of a side, or of the result.
using FindFlowsBeside = std::function<FlowsBeside(std::optional<flow::Side>)>;

/// What versions of a file are checked by.
struct MergeCheck {
  Settings settings = {};
  /// Of the file; a snapshot's flow is known by its folder.
  std::string path = {};
  /// Empty: no other file is known, and what compares a snapshot's files is left out, as are policies.
  FindFlowsBeside beside = {};
};

/// Finds what the rules say about a version of a flow, or about one file of a flow and what others don't agree with in
/// it, and the policies that it makes it or its users violate.
flow::FaultsOf merge_faults(flow::Role role, MergeCheck check);

}  // namespace flowship::check
