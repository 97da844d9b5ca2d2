#include "base/clock.hpp"
#include "base/stop.hpp"
#include "cli/plan.hpp"
#include "cli/run.hpp"

namespace flowship::cli {

ExitCode run_plan_with_drift(const Invocation& invocation) {
  return show_plan(
      invocation, [](deploy::Workspace& workspace, const deploy::DeployOptions& options, deploy::Plan& plan) {
        const StopSignal stop;
        deploy::Silence silence;
        return deploy::check_drift(
            workspace, options,
            {.clock = system_clock(), .stop = stop, .progress = silence, .variables = deploy::process_variable}, plan);
      });
}

}  // namespace flowship::cli
