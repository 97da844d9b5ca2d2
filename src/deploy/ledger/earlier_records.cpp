#include "deploy/ledger/earlier_records.hpp"

#include "base/error.hpp"
#include "deploy/ledger/record.hpp"

namespace flowship::deploy {

namespace {

/// The record of a ref's newest entry; nothing if it is no ledger.
std::optional<Record> newest_record(const git::Repository& repository, const std::string& ref) {
  try {
    const std::optional<git::ObjectId> tip = repository.ref(ref);
    const std::optional<git::ObjectId> file = tip ? repository.at(*tip, "deployment.json") : std::nullopt;
    if (!file) return std::nullopt;
    return record_from_json(repository.blob(*file), ref, ref).record;
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace

std::optional<EarlierRecords> earlier_records(const git::Repository& repository, const Config& config,
                                              const Environment& environment, const std::string& project_id) {
  std::optional<EarlierRecords> of_project;
  for (const char* place : {"refs/flowship/", "refs/heads/flowship/"}) {
    for (const std::string& ref : repository.refs(place)) {
      if (ref == environment.ledger_ref) continue;
      const std::optional<Record> record = newest_record(repository, ref);
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
