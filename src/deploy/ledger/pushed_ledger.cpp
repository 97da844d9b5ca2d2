#include "deploy/ledger/pushed_ledger.hpp"

#include "base/error.hpp"
#include "base/text/printable.hpp"
#include "deploy/config/ledger_refs.hpp"
#include "deploy/ledger/earlier_records.hpp"

#include <optional>

namespace flowship::deploy {

namespace {

/// Refs that begin so are flowship's own notes in a clone: pending results, and what was fetched from remotes.
constexpr std::string_view kPrivateRefs = "refs/flowship-";

/// The environment of an entry; nothing if the commit is none.
std::optional<std::string> environment_at(const git::Repository& repository, const git::ObjectId& commit) {
  const std::optional<Record> record = record_at(repository, commit);
  return record ? std::optional(record->environment) : std::nullopt;
}

}  // namespace

bool PushedLedgers::accept(const git::PushedRef& pushed) const {
  if (pushed.name.starts_with(kPrivateRefs)) {
    throw Error(printable(pushed.name) + " can't be pushed: refs below " + std::string(kPrivateRefs) +
                    "… are notes that flowship keeps in each repository for itself",
                "push branches and tags alone, not with --mirror");
  }
  const bool is_kept_for_ledgers = pushed.name.starts_with(kLedgerRefs);
  if (!(pushed.name + "/").starts_with(kLedgerRefs) && !(pushed.name + "/").starts_with(kLedgerBranches)) return false;
  const std::map<std::string, std::string> ledgers = server_.ledgers();
  if (pushed.after) expect_out_of_the_way(pushed, ledgers);
  if (!is_kept_for_ledgers && !pushed.name.starts_with(kLedgerBranches)) return false;
  const std::string ref = printable(pushed.name);
  const auto known = ledgers.find(pushed.name);
  std::string environment = known == ledgers.end() ? std::string() : known->second;
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
  if (before) {
    expect_appended(pushed, environment);
  } else {
    expect_entries_only(pushed, environment);
  }
  return true;
}

void PushedLedgers::expect_out_of_the_way(const git::PushedRef& pushed,
                                          const std::map<std::string, std::string>& ledgers) const {
  const auto refuse = [&](const std::string& ledger) {
    throw Error(printable(pushed.name) + " can't be pushed: it stands in the way of the ledger " + printable(ledger),
                "choose another name; git has no ref below another one");
  };
  if (pushed.name + "/" == kLedgerRefs) refuse(std::string(kLedgerRefs) + "…");
  for (const auto& [ledger, environment] : ledgers) {
    if (ledger != pushed.name && exclude_each_other(ledger, pushed.name)) refuse(ledger);
  }
  // An environment that only the server's own settings name has its ledger in the usual place.
  for (std::size_t slash = pushed.name.rfind('/'); slash > kLedgerRefs.size() && pushed.name.starts_with(kLedgerRefs);
       slash = pushed.name.rfind('/', slash - 1)) {
    const std::string above = pushed.name.substr(0, slash);
    if (server_.deploys_here(above.substr(kLedgerRefs.size()))) refuse(above);
  }
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

void PushedLedgers::expect_entries_only(const git::PushedRef& pushed, const std::string& environment) const {
  for (std::optional<git::ObjectId> at = pushed.after; at;) {
    const std::vector<git::ObjectId> parents = repository_.facts(*at).parents;
    if (parents.size() > 1 || environment_at(repository_, *at) != environment) {
      throw Error(printable(pushed.name) + " at " + pushed.after->abbreviated() + " is not a ledger of `" +
                      printable(environment) + "`: its history has " + at->abbreviated() + ", which is " +
                      (parents.size() > 1 ? "a merge" : "not an entry"),
                  "a ledger has one entry after another and nothing else; flowship writes it");
    }
    at = parents.empty() ? std::nullopt : std::optional(parents.front());
  }
}

}  // namespace flowship::deploy
