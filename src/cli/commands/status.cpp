#include "deploy/apply/status.hpp"

#include "base/clock.hpp"
#include "cli/run.hpp"
#include "cli/workspace.hpp"

#include <algorithm>
#include <ostream>

namespace flowship::cli {

namespace {

ExitCode code_of(const deploy::Status& status) {
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
  const git::Repository repository = open_repository(options);
  deploy::Workspace workspace(repository, chosen_revision(repository, options), options.config_file,
                              options.environment);
  const StopSignal stop;
  deploy::Silence silence;
  const deploy::Status status = deploy::status(
      workspace, options.deploy,
      {.clock = system_clock(), .stop = stop, .progress = silence, .variables = deploy::process_variable},
      options.offline ? deploy::Ask::nobody : deploy::Ask::service);
  invocation.out << write(status, invocation.style);
  return options.exit_code ? code_of(status) : ExitCode::done;
}

}  // namespace flowship::cli
