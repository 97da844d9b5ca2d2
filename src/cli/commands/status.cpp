#include "deploy/apply/status.hpp"

#include "cli/environments.hpp"
#include "cli/progress.hpp"
#include "cli/run.hpp"
#include "cli/signals.hpp"
#include "cli/workspace.hpp"
#include "deploy/plan/target_rules.hpp"

#include <algorithm>
#include <memory>
#include <vector>

namespace flowship::cli {

namespace {

ExitCode status_exit_code(const deploy::Status& status) {
  const bool is_drifted =
      std::any_of(status.drift.begin(), status.drift.end(), [](const deploy::Drift& flow) { return flow.counts(); });
  if (is_drifted) return ExitCode::drifted;
  const bool is_pending = std::any_of(status.flows.begin(), status.flows.end(), [](const deploy::FlowStatus& flow) {
    return flow.state == deploy::FlowState::pending;
  });
  return is_pending ? ExitCode::changes : ExitCode::done;
}

Answer<deploy::Status> ask_status(const Invocation& invocation, const Options& options) {
  Opened opened(options);
  StopSignal stop;
  const StopOnSignals signals(stop);
  const std::unique_ptr<deploy::Progress> progress = progress_for(invocation);
  Answer<deploy::Status> answer;
  answer.result = until_stopped(stop, [&] {
    return deploy::status(opened.workspace, options.deploy,
                          {.clock = invocation.clock,
                           .stop = stop,
                           .progress = *progress,
                           .variables = deploy::process_variable,
                           .addresses = invocation.addresses},
                          options.offline ? deploy::Ask::nobody : deploy::Ask::service);
  });
  expect_not_stopped(stop);
  progress->finished();
  deploy::TargetRules target{.is_head = true};
  target.any_branch = deploy::wrong_branch(opened.workspace, target, options.deploy.connection.git_limit).has_value();
  answer.result.command_target = deploy::target_options(target, {});
  const auto is_unknown = [](const deploy::FlowStatus& flow) { return flow.state == deploy::FlowState::unknown; };
  const std::vector<deploy::FlowStatus>& flows = answer.result.flows;
  if (deploy::is_key_refused(answer.result.drift)) {
    answer.code = ExitCode::credentials;
  } else if (std::any_of(flows.begin(), flows.end(), is_unknown)) {
    answer.code = ExitCode::failed;
  } else if (options.exit_code) {
    answer.code = status_exit_code(answer.result);
  }
  return answer;
}

}  // namespace

ExitCode run_status(const Invocation& invocation) {
  return show_environments(invocation, &report::Format::status,
                           [&](const Options& options) { return ask_status(invocation, options); });
}

}  // namespace flowship::cli
