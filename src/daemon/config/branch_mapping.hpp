#pragma once

#include "git/objects/object_id.hpp"

#include <map>
#include <string>

namespace flowship::daemon {

/// What flowship.json at the tip of the repository's default branch says.
struct DefaultBranch {
  /// Empty if the repository has none.
  std::string name;
  git::ObjectId tip;
  /// Environment to the branch that deploys it.
  std::map<std::string, std::string> branches;
  /// Why the file can't be read; empty if it can.
  std::string broken;
  /// The file: another than flowship.json where flowshipd.json says so.
  std::string file = "flowship.json";
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

/// The branch that the operator chose, else the one that the default branch names; no other branch has a say. `before`
/// is kept while it is the default branch with a broken flowship.json, since its job reports what is wrong.
BranchMapping branch_of(const std::string& environment, const std::string& chosen,
                        const std::map<std::string, git::ObjectId>& heads, const DefaultBranch& default_branch,
                        const std::string& before);

}  // namespace flowship::daemon
