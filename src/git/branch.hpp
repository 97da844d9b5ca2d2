#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace flowship::git {

/// Where the refs of branches lie.
constexpr std::string_view kBranches = "refs/heads/";

inline std::string ref_of_branch(std::string_view branch) { return std::string(kBranches).append(branch); }

/// The branch whose ref that is; nothing for another ref.
inline std::optional<std::string> branch_of_ref(std::string_view ref) {
  if (!ref.starts_with(kBranches)) return std::nullopt;
  return std::string(ref.substr(kBranches.size()));
}

}  // namespace flowship::git
