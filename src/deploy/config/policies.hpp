#pragma once

#include "check/engine/check.hpp"
#include "json/document.hpp"

#include <string>
#include <vector>

namespace flowship::deploy {

/// The list `policies` of flowship.json or of a server's policy file. Throws an `Error` of `Fault::invalid` with line
/// and column.
std::vector<check::Policy> read_policies(json::Value value);

/// Refuses an entry of `ignore` for a policy that the same file does not have.
void expect_ignored_policies(json::Value root, const check::Settings& settings);

/// The names of the members that a policy may have.
std::vector<std::string> known_policy_members();

}  // namespace flowship::deploy
