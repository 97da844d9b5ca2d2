#include "cli/commands/sending.hpp"

#include "base/error.hpp"
#include "base/text/pluralize.hpp"
#include "cli/run.hpp"
#include "cli/signals.hpp"
#include "deploy/apply/deploy.hpp"
#include "report/text/progress.hpp"

#include <cstdlib>
#include <memory>
#include <ostream>
#include <string_view>
#include <sys/ioctl.h>
#include <unistd.h>

namespace flowship::cli {

namespace {

constexpr int kInterrupt = 2;

constexpr const char* kStopping =
    "\nflowship: stopping once what is under way is done and recorded; again to end at once\n";

ExitCode code_of(const deploy::Deployment& deployment) {
  if (deployment.stopped_by != 0) {
    return deployment.stopped_by == kInterrupt ? ExitCode::interrupted : ExitCode::terminated;
  }
  if (deployment.credentials_refused) return ExitCode::credentials;
  if (deployment.unrecorded) return ExitCode::failed;
  if (deployment.drifted) return ExitCode::drifted;
  if (deployment.ok()) return ExitCode::done;
  for (const deploy::FlowResult& flow : deployment.flows) {
    const bool reached = flow.outcome == deploy::FlowOutcome::deployed || flow.outcome == deploy::FlowOutcome::restored;
    if (reached) return ExitCode::partial;
  }
  return ExitCode::failed;
}

/// The terminal's width; 80 where it does not tell.
int terminal_columns() {
  winsize size{};
  constexpr int kUsual = 80;
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : kUsual;
}

/// Whether a line there can be drawn anew.
bool is_terminal(int descriptor) {
  const char* term = std::getenv("TERM");
  return ::isatty(descriptor) != 0 && (term == nullptr || std::string_view(term) != "dumb");
}

/// Whether who watches standard error in a terminal reads the result there as well, so that nothing need be told twice.
bool result_is_watched(const Invocation& invocation) {
  return is_terminal(STDERR_FILENO) && ::isatty(STDOUT_FILENO) != 0 && invocation.format.name == "text";
}

std::unique_ptr<deploy::Progress> progress_for(const Invocation& invocation) {
  if (!is_terminal(STDERR_FILENO)) return std::make_unique<report::PlainProgress>(invocation.err, invocation.style);
  return std::make_unique<report::TerminalProgress>(
      invocation.err, invocation.style,
      result_is_watched(invocation) ? report::FlowLines::left_out : report::FlowLines::kept, system_clock(),
      terminal_columns);
}

/// Ends a deployment that validation stopped: the findings where people see them, and an error for the exit code.
[[noreturn]] void refuse(const deploy::Plan& plan, const Invocation& invocation) {
  const check::Counts counts = check::count(plan.findings);
  const report::Format& text = report::formats().front();
  report::Validation validation{
      .flows = static_cast<int>(plan.changes.size()), .findings = plan.findings, .text_of = {}};
  invocation.err << text.validation(validation, invocation.style);
  throw Error("nothing was sent, since validation found " + pluralize(counts.errors, "error"),
              "mend what is reported, commit, and deploy again", Fault::invalid);
}

}  // namespace

ExitCode send(deploy::Workspace& workspace, const deploy::DeployOptions& options, const Invocation& invocation,
              const deploy::Variables& variables) {
  const auto write = writer(invocation, &report::Format::deployment);
  StopSignal stop;
  const StopOnSignals signals(stop, invocation.style.quiet ? "" : kStopping);
  const std::unique_ptr<deploy::Progress> progress = progress_for(invocation);
  const deploy::DeployResult result = [&] {
    try {
      return deploy::deploy(workspace, options,
                            {.clock = system_clock(), .stop = stop, .progress = *progress, .variables = variables});
    } catch (const Error& error) {
      if (!stop.requested()) throw;
      throw stopped(error, stop);
    }
  }();
  if (!result.deployment) refuse(result.plan, invocation);
  if (!result_is_watched(invocation)) {
    for (const std::string& warning : result.deployment->warnings) {
      invocation.err << "flowship: warning: " << warning << "\n";
    }
  }
  if (result.deployment->unrecorded) invocation.err << report::error_text(*result.deployment->unrecorded, {});
  invocation.out << write(*result.deployment, invocation.style);
  return code_of(*result.deployment);
}

}  // namespace flowship::cli
