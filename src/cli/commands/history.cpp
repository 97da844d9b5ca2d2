#include "deploy/ledger/history.hpp"

#include "cli/run.hpp"
#include "cli/workspace.hpp"
#include "deploy/plan/planner.hpp"

#include <ostream>

namespace flowship::cli {

ExitCode run_history(const Invocation& invocation) {
  const Options& options = invocation.options;
  const auto write = writer(invocation, &report::Format::history);
  Opened opened(options);
  deploy::Workspace& workspace = opened.workspace;
  if (const std::optional<std::string> warning = deploy::fetch_if_reachable(workspace.ledger)) {
    warn(invocation, *warning);
  }
  const report::History history{.environment = workspace.environment.name,
                                .deployments = deploy::history(workspace.ledger),
                                .now = invocation.clock.now()};
  invocation.out << write(history, invocation.style);
  return ExitCode::done;
}

}  // namespace flowship::cli
