#pragma once

#include "flow/model/flow.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace flowship::flow {

/// A task that runs another flow.
struct SubflowUse {
  std::string flow_id;
  std::string task_id;
  /// The value that names the flow.
  json::Value at;
};

/// Every task of type `flow` that names a flow, in the order of the text.
std::vector<SubflowUse> subflow_uses(const Flow& flow);

/// The flows that it names, each once.
std::set<std::string> subflows_of(const Flow& flow);

/// The flows that each flow uses (only ids that are keys count).
using SubflowGraph = std::map<std::string, std::set<std::string>>;

struct SubflowOrder {
  /// Every id once: subflows before the flows that use them, else by id.
  std::vector<std::string> ids;
  /// Groups of flows that use each other in a cycle, each sorted; inside one any order is right.
  std::vector<std::vector<std::string>> cycles;
};

SubflowOrder subflow_order(const SubflowGraph& graph);

}  // namespace flowship::flow
