#pragma once

#include "deploy/config/config.hpp"
#include "deploy/ledger/record.hpp"
#include "git/repository.hpp"

#include <optional>
#include <string>

namespace flowship::deploy {

/// Records of an environment without a ledger of its own yet: those of the same environment under another ref, or else
/// those of the same project under the name of an environment that is not configured.
struct EarlierRecords {
  std::string ref;
  /// Whose records they are.
  std::string environment;
};

/// Looks in this repository. `project_id` may be empty: then any project is the same. Takes time linear in the ledgers.
std::optional<EarlierRecords> earlier_records(const git::Repository& repository, const Config& config,
                                              const Environment& environment, const std::string& project_id);

/// The record of a ledger's entry; nothing if the commit is none.
std::optional<Record> record_at(const git::Repository& repository, const git::ObjectId& commit);

}  // namespace flowship::deploy
