#pragma once

#include "git/objects/object_id.hpp"

#include <map>
#include <set>
#include <string>

namespace flowship::daemon {

/// What flowship.json at the tip of one branch says of that branch.
struct BranchFacts {
  git::ObjectId tip;
  /// The environments that it says are deployed from this very branch.
  std::set<std::string> deploys;
  /// Why it can't be read; empty when it can.
  std::string broken;
};

/// Which branch deploys an environment.
struct BranchMapping {
  /// Empty for none.
  std::string branch;
  /// Why there is none.
  std::string why_not;
  /// Somebody has to do something about that.
  bool is_fault = false;
};

/// The one branch whose own flowship.json says so. With several nothing is deployed until one is left, since either
/// might be meant. A branch that did so `before` and whose flowship.json is broken now still does: its job tells what
/// is wrong.
BranchMapping branch_of(const std::string& environment, const std::map<std::string, BranchFacts>& branches,
                        const std::string& before);

}  // namespace flowship::daemon
