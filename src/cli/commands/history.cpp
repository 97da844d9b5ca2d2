#include "deploy/ledger/history.hpp"

#include "cli/environments.hpp"
#include "cli/workspace.hpp"
#include "deploy/ledger/last_known.hpp"
#include "deploy/plan/planner.hpp"

namespace flowship::cli {

ExitCode run_history(const Invocation& invocation) {
  const auto ask = [&](const Options& options) {
    Opened opened(options);
    deploy::Workspace& workspace = opened.workspace;
    if (const std::optional<std::string> warning = deploy::fetch_if_reachable(workspace.ledger)) {
      warn(invocation, *warning);
    }
    return Answer<report::History>{.result = {.environment = workspace.environment.name,
                                              .deployments = deploy::history(workspace.ledger),
                                              .now = invocation.clock.now()}};
  };
  return show_environments(invocation, &report::Format::history, ask);
}

}  // namespace flowship::cli
