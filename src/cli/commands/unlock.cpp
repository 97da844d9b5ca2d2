#include "base/clock.hpp"
#include "base/error.hpp"
#include "cli/run.hpp"
#include "cli/workspace.hpp"
#include "deploy/recover/recovery.hpp"

#include <ostream>

namespace flowship::cli {

ExitCode run_unlock(const Invocation& invocation) {
  const Options& options = invocation.options;
  const git::Repository repository = open_repository(options);
  deploy::Workspace workspace(repository, chosen_revision(repository, options), options.config_file,
                              options.environment);
  workspace.ledger.fetch();
  const std::optional<deploy::LedgerEntry> head = workspace.ledger.head();
  const std::string& name = workspace.environment.name;
  if (!head || head->record.phase == deploy::Phase::result) {
    invocation.err << "Nobody holds `" << name << "`.\n";
    invocation.out << report::note_text(invocation.format, {"released", "", ""});
    return ExitCode::done;
  }
  const std::string holder = deploy::holder_text(head->record);
  invocation.err << "`" << name << "` is held by " << holder << ".\n";
  if (deploy::liveness_of(head->record.holder) == deploy::Liveness::alive && !options.yes) {
    throw Error("that process still runs here", "wait until it is done or end it; --yes releases it all the same",
                Fault::held);
  }
  deploy::release(*head, workspace.ledger, system_clock());
  invocation.err << "Released. The next deployment asks the service what it holds of the flows that were under way.\n";
  invocation.out << report::note_text(invocation.format, {"released", holder, ""});
  return ExitCode::done;
}

}  // namespace flowship::cli
