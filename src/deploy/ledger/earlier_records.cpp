#include "deploy/ledger/earlier_records.hpp"

#include "base/error.hpp"
#include "deploy/config/ledger_refs.hpp"

namespace flowship::deploy {

std::optional<Record> record_at(const git::Repository& repository, const git::ObjectId& commit) {
  try {
    const std::optional<git::ObjectId> file = repository.at(commit, kRecordFile);
    if (!file) return std::nullopt;
    return record_from_json(repository.blob(*file), kRecordFile, {}).record;
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::optional<EarlierRecords> earlier_records(const git::Repository& repository, const Config& config,
                                              const Environment& environment, const std::string& project_id) {
  std::optional<EarlierRecords> of_project;
  for (const std::string_view place : {kLedgerRefs, kLedgerBranches}) {
    for (const std::string& ref : repository.refs(std::string(place))) {
      if (ref == environment.ledger_ref) continue;
      const std::optional<git::ObjectId> tip = repository.ref(ref);
      const std::optional<Record> record = tip ? record_at(repository, *tip) : std::nullopt;
      if (!record) continue;
      if (record->environment == environment.name) return EarlierRecords{.ref = ref, .environment = environment.name};
      const bool is_same_project = project_id.empty() || record->project_id == project_id;
      if (is_same_project && !config.environments.contains(record->environment)) {
        of_project = EarlierRecords{.ref = ref, .environment = record->environment};
      }
    }
  }
  return of_project;
}

}  // namespace flowship::deploy
