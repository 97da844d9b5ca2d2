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
      "The sandbox listens on " + sandbox.url() + "\nexport DESCOPE_BASE_URL=" + sandbox.url() + "\n";
  invocation.out << report::note_text(invocation.format, {"address", sandbox.url(), text}) << std::flush;
  if (!invocation.style.quiet)
    invocation.err << "It ends with Ctrl-C. It takes any project id and key of the right shape.\n";
  while (stop.sleep_until(std::chrono::steady_clock::now() + std::chrono::hours(1))) {
  }
  sandbox.stop();
  return ExitCode::done;
}

}  // namespace flowship::cli
