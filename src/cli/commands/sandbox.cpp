#include "sandbox/sandbox.hpp"

#include "base/error.hpp"
#include "base/text/printable.hpp"
#include "cli/run.hpp"
#include "cli/signals.hpp"

#include <mutex>
#include <ostream>
#include <string>
#include <string_view>

namespace flowship::cli {

namespace {

/// `POST /v2/mgmt/flow/import sign-up 200 3 ms`; `-` for no flow and for no response.
std::string line_of(const sandbox::Served& served) {
  const std::string status = served.status == 0 ? "-" : std::to_string(served.status);
  return printable(served.method) + " " + printable(served.path) + " " +
         (served.flow.empty() ? "-" : printable(served.flow)) + " " + status + " " +
         std::to_string(served.took.count()) + " ms\n";
}

}  // namespace

ExitCode run_sandbox(const Invocation& invocation) {
  const Options& options = invocation.options;
  const auto write = writer(invocation, &report::Format::note);
  if (options.sandbox.certificate_file.empty() != options.sandbox.key_file.empty()) {
    throw usage_error("--tls-cert and --tls-key go together");
  }
  StopSignal stop;
  const StopOnSignals signals(stop);
  std::mutex mutex;
  sandbox::Options sandbox_options = options.sandbox;
  if (!invocation.style.quiet) {
    sandbox_options.on_served = [&](const sandbox::Served& served) {
      const std::lock_guard lock(mutex);
      invocation.err << line_of(served) << std::flush;
    };
  }
  sandbox::Sandbox sandbox(sandbox_options);
  const std::string text =
      "The sandbox is listening on " + sandbox.url() + "\nexport DESCOPE_BASE_URL=" + sandbox.url() + "\n";
  invocation.out << write({"address", sandbox.url(), text}, invocation.style) << std::flush;
  if (!invocation.style.quiet) {
    const std::string_view accepted = options.sandbox.required_key.empty()
                                          ? "Any well-formed project id and key will do.\n"
                                          : "Any well-formed project id will do, with the key of --require-key.\n";
    const std::lock_guard lock(mutex);
    invocation.err << "Stop it with Ctrl-C. " << accepted;
  }
  while (invocation.clock.sleep_until(invocation.clock.ticks() + std::chrono::hours(1), stop)) {
  }
  sandbox.stop();
  return ExitCode::done;
}

}  // namespace flowship::cli
