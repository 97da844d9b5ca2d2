#include "base/error.hpp"
#include "base/text/printable.hpp"
#include "cli/run.hpp"
#include "cli/workspace.hpp"
#include "deploy/recover/recovery.hpp"

#include <ostream>

namespace flowship::cli {

ExitCode run_unlock(const Invocation& invocation) {
  const Options& options = invocation.options;
  Opened opened(options);
  deploy::Workspace& workspace = opened.workspace;
  workspace.ledger.fetch();
  const std::optional<deploy::LedgerEntry> head = workspace.ledger.head();
  const std::string& name = workspace.environment.name;
  if (!head || head->record.phase == deploy::Phase::result) {
    invocation.err << "Nobody holds `" << name << "`.\n";
    show_note(invocation, {"released", "", ""});
    return ExitCode::done;
  }
  const std::string holder = printable(deploy::holder_text(head->record));
  invocation.err << "`" << name << "` is held by " << holder << ".\n";
  if (deploy::liveness_of(head->record.holder) == deploy::Liveness::alive && !options.yes) {
    throw Error("that process is still running on this machine",
                "wait for it or end it, or release the environment anyway with --yes", Fault::held);
  }
  deploy::release(*head, workspace.ledger, invocation.clock);
  invocation.err << "Released. The next deployment asks the service about the flows that were being imported.\n";
  show_note(invocation, {"released", holder, ""});
  return ExitCode::done;
}

}  // namespace flowship::cli
