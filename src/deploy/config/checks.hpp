#pragma once

#include "check/engine/check.hpp"
#include "json/document.hpp"

#include <string>
#include <vector>

// The members that flowship.json shares with a server's policy file or with flowshipd.json. Each throws an `Error` of
// `Fault::invalid` with line and column.

namespace flowship::deploy {

/// Refuses keys in any member, before anything else could show them. Flows' values in `set` are left to the rules,
/// which `ignore` may excuse; their ids are not.
void refuse_keys(json::Value value);
/// `sources` in normal form; empty for the root.
std::vector<std::string> read_sources(json::Value value);
/// `branch`: its name alone, not that of its ref, and not HEAD.
std::string read_branch(json::Value value);
/// `error`, `warning`, `note` or `off`; `whose` begins the message.
check::Severity read_severity(json::Value value, const std::string& whose);
/// `rules`, into `settings.severities`.
void read_rules(json::Value value, check::Settings& settings);
/// `ignore`, into `settings.ignore`.
void read_ignore(json::Value value, check::Settings& settings);
/// The names of the members that an entry of `ignore` may have.
std::vector<std::string> known_ignore_members();

}  // namespace flowship::deploy
