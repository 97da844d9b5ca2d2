#include "base/error.hpp"
#include "base/text/printable.hpp"
#include "cli/run.hpp"
#include "cli/terminal.hpp"
#include "cli/workspace.hpp"
#include "deploy/lease/lease_watch.hpp"
#include "deploy/lease/result_sharing.hpp"
#include "deploy/recover/recovery.hpp"

#include <ostream>

namespace flowship::cli {

namespace {

/// Releasing takes the lease from a deployment that may still be sending.
void confirm_release(const deploy::LeaseHolder& holder, const std::string& environment) {
  const deploy::Liveness liveness = deploy::liveness_of(holder);
  if (can_ask()) {
    // A signal ends the program at once.
    const StopSignal stop;
    if (!asked("Release " + printable(environment) + " anyway?", stop)) throw Error("cancelled; nothing was released");
    return;
  }
  throw Error(liveness == deploy::Liveness::alive ? "that process is still running on this machine"
                                                  : "that process is on another machine and may still be running",
              "wait for it or end it, or release the environment anyway: `flowship unlock --yes --env " +
                  printable(environment) + "`",
              Fault::held);
}

}  // namespace

ExitCode run_unlock(const Invocation& invocation) {
  const Options& options = invocation.options;
  const auto write = writer(invocation, &report::Format::note);
  Opened opened(options);
  deploy::Workspace& workspace = opened.workspace;
  workspace.ledger.fetch();
  deploy::share_pending(workspace.ledger, opened.repository, invocation.clock);
  const std::optional<deploy::LedgerEntry> head = workspace.ledger.head();
  const std::string& name = workspace.environment.name;
  if (!head || head->record.phase == deploy::Phase::result) {
    invocation.err << "Nobody holds `" << name << "`.\n";
    invocation.out << write({"released", "", ""}, invocation.style);
    return ExitCode::done;
  }
  const std::string holder = printable(deploy::holder_text(head->record));
  invocation.err << "`" << name << "` is held by " << holder << ".\n" << std::flush;
  const bool is_abandoned = deploy::is_abandoned(opened.repository, workspace.ledger, *head, {});
  if (!options.yes && !is_abandoned) confirm_release(head->record.holder, name);
  deploy::release(*head, workspace.ledger, invocation.clock);
  invocation.err << "Released. The next deployment asks the service about the flows that were being imported.\n";
  invocation.out << write({"released", holder, ""}, invocation.style);
  return ExitCode::done;
}

}  // namespace flowship::cli
