#include "daemon/config/branch_mapping.hpp"

#include "base/text/printable.hpp"

namespace flowship::daemon {

BranchMapping branch_of(const std::string& environment, const std::string& chosen,
                        const std::map<std::string, git::ObjectId>& heads, const DefaultBranch& default_branch,
                        const std::string& before) {
  const auto use = [&](const std::string& branch, const std::string& by) -> BranchMapping {
    if (heads.contains(branch)) return {.branch = branch, .why_not = {}, .is_fault = false};
    return {.branch = {}, .why_not = by + " names branch " + printable(branch) + ", which does not exist"};
  };
  if (!chosen.empty()) return use(chosen, "flowshipd.json");
  if (!heads.contains(default_branch.name)) {
    return {.branch = {},
            .why_not = default_branch.name.empty()
                           ? "the repository has no default branch, and flowshipd.json names no `branch`"
                           : "the default branch " + printable(default_branch.name) + " does not exist yet"};
  }
  const std::string file = printable(default_branch.file) + " of the default branch " + printable(default_branch.name);
  if (!default_branch.broken.empty()) {
    if (before == default_branch.name) return {.branch = before, .why_not = {}, .is_fault = false};
    return {.branch = {}, .why_not = file + " can't be read: " + default_branch.broken, .is_fault = true};
  }
  const auto named = default_branch.branches.find(environment);
  if (named == default_branch.branches.end()) return {.branch = {}, .why_not = file + " names no branch for it"};
  return use(named->second, file);
}

}  // namespace flowship::daemon
