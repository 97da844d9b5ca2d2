#include "deploy/history.hpp"

#include "cli/run.hpp"
#include "cli/workspace.hpp"
#include "deploy/workspace.hpp"

#include <ostream>

namespace flowship::cli {

ExitCode run_history(const Invocation& invocation) {
  const Options& options = invocation.options;
  const auto write = writer(invocation, &report::Format::history);
  const git::Repository repository = open_repository(options);
  const deploy::Workspace workspace(repository, chosen_revision(repository, options), options.config_file,
                                    options.environment);
  const report::History history{.environment = workspace.environment.name,
                                .deployments = deploy::history(workspace.ledger)};
  invocation.out << write(history, invocation.style);
  return ExitCode::done;
}

}  // namespace flowship::cli
