#include "cli/commands/sending.hpp"

#include "base/error.hpp"
#include "base/text/pluralize.hpp"
#include "base/text/printable.hpp"
#include "cli/progress.hpp"
#include "cli/run.hpp"
#include "cli/signals.hpp"
#include "cli/terminal.hpp"
#include "deploy/apply/deploy.hpp"
#include "report/text/text.hpp"

#include <algorithm>
#include <memory>
#include <ostream>

namespace flowship::cli {

namespace {

constexpr int kInterrupt = 2;

/// GitHub ends a cancelled job 7.5 s after SIGINT, and what was sent has to be recorded by then.
constexpr std::chrono::seconds kGrace{6};

constexpr const char* kStopping =
    "\nflowship: stopping once the imports in flight are finished and recorded; interrupt again to exit at once\n";

ExitCode deployment_exit_code(const deploy::Deployment& deployment) {
  if (deployment.stopped_by != 0) {
    return deployment.stopped_by == kInterrupt ? ExitCode::interrupted : ExitCode::terminated;
  }
  if (deployment.credentials_refused || deploy::is_key_refused(deployment.drift)) return ExitCode::credentials;
  if (deployment.unrecorded || deployment.has_unknown()) return ExitCode::failed;
  if (deployment.drifted || !deployment.conflicts.empty()) return ExitCode::drifted;
  if (deployment.ok()) return ExitCode::done;
  const bool is_partial =
      std::any_of(deployment.flows.begin(), deployment.flows.end(), [](const deploy::FlowResult& flow) {
        return is_done(flow.outcome) || flow.outcome == deploy::FlowOutcome::restored;
      });
  return is_partial ? ExitCode::partial : ExitCode::failed;
}

/// A deployment that failed validation: the findings on standard error too.
ExitCode refused(const deploy::Plan& plan, const Invocation& invocation) {
  const check::Counts counts = check::count(plan.findings);
  const report::Format& text = report::formats().front();
  const report::Validation validation{
      .flows = static_cast<int>(plan.changes.size()), .findings = plan.findings, .text_of = {}};
  invocation.err << text.validation(validation, invocation.style);
  show_refusal(invocation, {Error("nothing was sent, because validation found " + pluralize(counts.errors, "error"),
                                  "fix the errors above, commit and deploy again", Fault::invalid),
                            plan.findings});
  return ExitCode::invalid;
}

}  // namespace

ExitCode send(deploy::Workspace& workspace, const deploy::DeployOptions& options, const Invocation& invocation,
              const std::string& command, const deploy::Variables& variables) {
  const auto write = writer(invocation, &report::Format::deployment);
  StopSignal stop;
  const StopOnSignals signals(stop, invocation.style.quiet ? "" : kStopping);
  const std::unique_ptr<deploy::Progress> progress = progress_for(invocation);
  deploy::DeployOptions asking = options;
  if (!asking.grace) asking.grace = kGrace;
  if (can_ask() && !invocation.options.yes) {
    asking.confirm = [&](const deploy::Plan& plan) {
      progress->finished();
      invocation.err << report::steps_text(plan, invocation.style) << "\n" << std::flush;
      return asked("Deploy this to " + printable(plan.environment) + "?", stop);
    };
  }
  const deploy::DeployResult result = [&] {
    try {
      return deploy::deploy(workspace, asking,
                            {.clock = invocation.clock,
                             .stop = stop,
                             .progress = *progress,
                             .variables = variables,
                             .addresses = invocation.addresses});
    } catch (const Error& error) {
      if (!stop.requested()) throw;
      // What the service did not answer is not why it ended.
      throw stopped(Error("interrupted: " + error.message(),
                          "run the same command again: it asks the service first, and sends only what is missing"),
                    stop);
    }
  }();
  if (!result.deployment) return refused(result.plan, invocation);
  deploy::Deployment deployment = *result.deployment;
  deployment.command = command;
  // Annotations have the warnings already.
  if (!result_is_watched(invocation) && invocation.format.name != "github") {
    for (const std::string& warning : deployment.warnings) warn(invocation, warning);
    if (invocation.format.name == "text") deployment.warnings.clear();
  }
  if (deployment.unrecorded) invocation.err << report::error_text(*deployment.unrecorded, {});
  invocation.out << write(deployment, invocation.style);
  return deployment_exit_code(deployment);
}

ExitCode retry_while_held(const Clock& clock, std::chrono::milliseconds patience, std::ostream& err,
                          const std::function<ExitCode()>& attempt, const std::function<bool()>& is_held) {
  // Looking at a shared ledger is a `git fetch`.
  const std::chrono::milliseconds pause{is_held ? 2'000 : 500};
  const Ticks deadline = clock.ticks() + patience;
  for (bool is_first = true;; is_first = false) {
    std::string held;
    try {
      return attempt();
    } catch (const Error& error) {
      if (error.fault() != Fault::held || clock.ticks() >= deadline) throw;
      held = error.message();
    }
    StopSignal stop;
    const StopOnSignals signals(stop);
    // Whoever reads it may stop the command from here on.
    if (is_first) err << "flowship: waiting: " << printable(held) << "\n" << std::flush;
    do {
      clock.sleep_until(std::min(clock.ticks() + pause, deadline), stop);
      if (stop.requested())
        throw stopped(Error("interrupted while waiting for the environment; nothing was sent"), stop);
    } while (is_held && clock.ticks() < deadline && is_held());
  }
}

}  // namespace flowship::cli
