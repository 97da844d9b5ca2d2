#pragma once

#include "git/objects/object_id.hpp"

#include <map>
#include <set>
#include <string>

namespace flowship::daemon {

/// What flowship.json at the tip of a branch says about that branch.
struct BranchFacts {
  git::ObjectId tip;
  /// The environments that it deploys from this branch.
  std::set<std::string> deploys;
  /// Why it can't be read; empty if it can.
  std::string broken;
};

/// Which branch deploys an environment.
struct BranchMapping {
  /// Empty for none.
  std::string branch;
  /// Why there is none.
  std::string why_not;
  /// True if that needs attention.
  bool is_fault = false;
};

/// The branch whose own flowship.json deploys the environment. If several do, none is used until only one is left. The
/// branch from `before` is kept while its flowship.json is broken, since its job reports what is wrong.
BranchMapping branch_of(const std::string& environment, const std::map<std::string, BranchFacts>& branches,
                        const std::string& before);

}  // namespace flowship::daemon
