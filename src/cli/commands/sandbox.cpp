#include "sandbox/sandbox.hpp"

#include "base/error.hpp"
#include "cli/run.hpp"
#include "cli/signals.hpp"

#include <ostream>

namespace flowship::cli {

ExitCode run_sandbox(const Invocation& invocation) {
  const Options& options = invocation.options;
  if (options.sandbox.certificate_file.empty() != options.sandbox.key_file.empty()) {
    throw usage_error("--tls-cert and --tls-key go together");
  }
  StopSignal stop;
  const StopOnSignals signals(stop);
  sandbox::Sandbox sandbox(options.sandbox);
  const std::string text =
      "The sandbox is listening on " + sandbox.url() + "\nexport DESCOPE_BASE_URL=" + sandbox.url() + "\n";
  show_note(invocation, {"address", sandbox.url(), text});
  if (!invocation.style.quiet) invocation.err << "Stop it with Ctrl-C. Any well-formed project id and key will do.\n";
  while (invocation.clock.sleep_until(invocation.clock.ticks() + std::chrono::hours(1), stop)) {
  }
  sandbox.stop();
  return ExitCode::done;
}

}  // namespace flowship::cli
