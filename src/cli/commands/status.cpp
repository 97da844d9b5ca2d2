#include "deploy/apply/status.hpp"

#include "cli/progress.hpp"
#include "cli/run.hpp"
#include "cli/workspace.hpp"

#include <algorithm>
#include <memory>
#include <ostream>

namespace flowship::cli {

namespace {

ExitCode status_exit_code(const deploy::Status& status) {
  const auto has = [&](deploy::FlowState state) {
    return std::any_of(status.flows.begin(), status.flows.end(),
                       [&](const deploy::FlowStatus& flow) { return flow.state == state; });
  };
  if (has(deploy::FlowState::drifted) || has(deploy::FlowState::missing)) return ExitCode::drifted;
  return has(deploy::FlowState::pending) ? ExitCode::changes : ExitCode::done;
}

}  // namespace

ExitCode run_status(const Invocation& invocation) {
  const Options& options = invocation.options;
  const auto write = writer(invocation, &report::Format::status);
  Opened opened(options);
  deploy::Workspace& workspace = opened.workspace;
  const StopSignal stop;
  const std::unique_ptr<deploy::Progress> progress = progress_for(invocation);
  const deploy::Status status = deploy::status(
      workspace, options.deploy,
      {.clock = invocation.clock, .stop = stop, .progress = *progress, .variables = deploy::process_variable},
      options.offline ? deploy::Ask::nobody : deploy::Ask::service);
  progress->finished();
  invocation.out << write(status, invocation.style);
  const auto is_unknown = [](const deploy::FlowStatus& flow) { return flow.state == deploy::FlowState::unknown; };
  if (std::any_of(status.flows.begin(), status.flows.end(), is_unknown)) return ExitCode::failed;
  return options.exit_code ? status_exit_code(status) : ExitCode::done;
}

}  // namespace flowship::cli
