#pragma once

#include "check/engine/check.hpp"
#include "flow/layouts/reading.hpp"
#include "flow/model/subflows.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace flowship::check {

/// What flows offer each other: those that were read, and other flows that these use, directly or not. Read-only after
/// construction, so flows can be checked on several threads.
class Repository {
 public:
  Repository(const flow::Reading& reading, const FlowLookup* lookup);

  /// A flow that was read, or one that these use; or null.
  const flow::Flow* find_flow(const std::string& flow_id) const;
  bool has(const std::string& flow_id) const;
  /// The ids in the flow's `sharedInteractions`; null if the flow does not exist or its metadata could not be read.
  const std::set<std::string>* shared_interactions(const std::string& flow_id) const;
  /// The subflows of a flow that was read, in the order of the text.
  const std::vector<flow::SubflowUse>& uses(const flow::Flow& flow) const;
  /// A cycle of subflows to report with this flow, the first of the cycle that was read; or null.
  const std::vector<std::string>* cycle(const flow::Flow& flow) const;

 private:
  struct Facts {
    std::vector<flow::SubflowUse> uses;
    std::optional<std::set<std::string>> offered;
  };

  void add(const flow::Flow& flow, Facts facts);
  void look_up(const FlowLookup& lookup);
  void find_cycles();

  std::map<std::string, std::optional<std::set<std::string>>> offered_;
  std::map<const flow::Flow*, std::vector<flow::SubflowUse>> uses_;
  std::map<std::string, const flow::Flow*> read_;
  std::map<std::string, flow::Flow> looked_up_;
  flow::SubflowGraph graph_;
  std::map<const flow::Flow*, std::vector<std::string>> cycles_;
};

}  // namespace flowship::check
