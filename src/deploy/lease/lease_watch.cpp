#include "deploy/lease/lease_watch.hpp"

#include "base/error.hpp"
#include "base/files/files.hpp"
#include "deploy/ledger/seen_tip.hpp"

#include <sstream>

namespace flowship::deploy {

BootTime stands_for(const git::Repository& repository, const std::string& ledger_ref, const git::ObjectId& tip,
                    BootTime now) {
  const std::filesystem::path file = clone_file(repository, ledger_ref, ".watched");
  const std::string boot = boot_id();
  std::istringstream kept(read_file(file).value_or(""));
  std::string kept_tip;
  std::string kept_boot;
  BootTime::rep first = 0;
  if (kept >> kept_tip >> kept_boot >> first && kept_tip == tip.hex() && kept_boot == boot && BootTime(first) <= now) {
    return now - BootTime(first);
  }
  try {
    write_file_atomically(file, tip.hex() + " " + boot + " " + std::to_string(now.count()) + "\n");
  } catch (const Error&) {
    // Reading commands work in repositories that they may not write to.
  }
  return BootTime(0);
}

bool is_abandoned(const git::Repository& repository, const Ledger& ledger, const LedgerEntry& newest,
                  const LeaseTerms& terms, BootTime now) {
  const LeaseHolder& holder = newest.record.holder;
  const BootTime still = stands_for(repository, ledger.ref(), newest.commit, now);
  if (terms.takes_over_own && holder == this_process()) return true;
  switch (liveness_of(holder)) {
    case Liveness::gone:
      return true;
    case Liveness::elsewhere:
      return terms.is_only_deployer || still >= terms.timeout;
    case Liveness::alive:
      // It may be stopped, or hang.
      return still >= terms.timeout;
  }
  return false;
}

}  // namespace flowship::deploy
