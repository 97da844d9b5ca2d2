#include "deploy/ledger/pushed_ledger.hpp"

#include "base/error.hpp"
#include "base/text/printable.hpp"
#include "deploy/config/ledger_refs.hpp"
#include "deploy/ledger/earlier_records.hpp"

#include <optional>

namespace flowship::deploy {

namespace {

/// The environment of an entry; nothing if the commit is none.
std::optional<std::string> environment_at(const git::Repository& repository, const git::ObjectId& commit) {
  const std::optional<Record> record = record_at(repository, commit);
  return record ? std::optional(record->environment) : std::nullopt;
}

}  // namespace

bool PushedLedgers::accept(const git::PushedRef& pushed) const {
  const bool is_kept_for_ledgers = pushed.name.starts_with(kLedgerRefs);
  if (!is_kept_for_ledgers && !pushed.name.starts_with(kLedgerBranches)) return false;
  const std::string ref = printable(pushed.name);
  std::string environment = server_.environment_of(pushed.name);
  const auto before = pushed.before ? environment_at(repository_, *pushed.before) : std::nullopt;
  const auto after = pushed.after ? environment_at(repository_, *pushed.after) : std::nullopt;
  if (environment.empty()) environment = before.value_or(after.value_or(std::string()));
  if (environment.empty() && is_kept_for_ledgers) environment = pushed.name.substr(kLedgerRefs.size());
  if (environment.empty()) return false;
  if (server_.deploys_here(environment)) {
    throw Error("the ledger " + ref + " can't be pushed: this server deploys `" + printable(environment) +
                    "` itself and alone writes its ledger",
                "push the branch that deploys it");
  }
  if (!pushed.after) {
    throw Error("the ledger " + ref + " can't be deleted by a push",
                "on the server: git update-ref -d " + ref + ", which loses the history of deployments");
  }
  if (before) environment = *before;
  if (after != environment) {
    throw Error(ref + " at " + pushed.after->abbreviated() + " is not an entry of the ledger of `" +
                    printable(environment) + "`",
                "refs below refs/flowship/ are ledgers, which flowship writes");
  }
  if (before) expect_appended(pushed, environment);
  return true;
}

void PushedLedgers::expect_appended(const git::PushedRef& pushed, const std::string& environment) const {
  for (git::ObjectId at = *pushed.after; at != *pushed.before;) {
    const std::vector<git::ObjectId> parents = repository_.facts(at).parents;
    if (parents.size() != 1 || environment_at(repository_, at) != environment) {
      throw Error("the ledger " + printable(pushed.name) + " can't be rewritten: " + pushed.after->abbreviated() +
                      " does not go on from " + pushed.before->abbreviated(),
                  "fetch it and deploy again; entries are only appended");
    }
    at = parents.front();
  }
}

}  // namespace flowship::deploy
