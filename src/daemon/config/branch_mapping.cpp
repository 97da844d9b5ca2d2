#include "daemon/config/branch_mapping.hpp"

#include "base/text/printable.hpp"

#include <vector>

namespace flowship::daemon {

BranchMapping branch_of(const std::string& environment, const std::map<std::string, BranchFacts>& branches,
                        const std::string& before) {
  std::vector<std::string> claiming;
  std::string broken;
  for (const auto& [name, facts] : branches) {
    if (facts.deploys.contains(environment)) claiming.push_back(name);
    if (!facts.broken.empty())
      broken += "; flowship.json of branch " + printable(name) + " can't be read: " + facts.broken;
  }
  if (claiming.size() == 1) return {.branch = claiming.front(), .why_not = {}, .is_fault = false};
  if (claiming.size() > 1) {
    std::string list;
    for (const std::string& name : claiming) list += (list.empty() ? "" : ", ") + printable(name);
    return {.branch = {},
            .why_not = "several branches claim it in their flowship.json, so none is deployed: " + list,
            .is_fault = true};
  }
  const auto known = branches.find(before);
  if (known != branches.end() && !known->second.broken.empty()) {
    return {.branch = before, .why_not = {}, .is_fault = false};
  }
  return {.branch = {}, .why_not = "no branch claims it in its flowship.json" + broken, .is_fault = !broken.empty()};
}

}  // namespace flowship::daemon
