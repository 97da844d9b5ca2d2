#pragma once

#include "base/error.hpp"
#include "base/files/files.hpp"
#include "cli/command.hpp"

#include <string>

namespace flowship::cli {

/// A format's function for a kind of result. An `Error` of usage where the format has none.
template <typename Result>
auto function_of(const report::Format& format, std::string_view option,
                 std::string (*report::Format::*function)(const Result&, const report::Style&)) {
  if (format.*function != nullptr) return format.*function;
  std::string names;
  for (const report::Format& other : report::formats()) {
    if (other.*function != nullptr) names += (names.empty() ? "" : ", ") + std::string(other.name);
  }
  throw usage_error(std::string(option) + " " + std::string(format.name) + " has no form for what this command tells",
                    "use one of: " + names);
}

/// What turns a result into the text for standard output, in the chosen format, and writes the files that --report
/// names. Throws, before anything is done, where a format has no form for it or a file can't be written; a file of
/// an earlier run is empty from then on.
template <typename Result>
auto writer(const Invocation& invocation,
            std::string (*report::Format::*function)(const Result&, const report::Style&)) {
  for (const ReportFile& report : invocation.options.reports) {
    function_of(*report.format, "--report", function);
    write_file_atomically(report.path, "");
  }
  return [text = function_of(invocation.format, "--format", function), &reports = invocation.options.reports, function](
             const Result& result, const report::Style& style) {
    for (const ReportFile& report : reports) {
      write_file_atomically(
          report.path,
          (report.format->*function)(result, {.colour = false, .quiet = style.quiet, .verbose = style.verbose}));
    }
    return text(result, style);
  };
}

/// Writes a result to standard output, or, where the format is a page and --out names a file, there.
void show(const Invocation& invocation, const std::string& text);

// One function a command, each in the file of its name.
ExitCode run_completion(const Invocation& invocation);
ExitCode run_convert(const Invocation& invocation);
ExitCode run_deploy(const Invocation& invocation);
ExitCode run_diff(const Invocation& invocation);
ExitCode run_help(const Invocation& invocation);
ExitCode run_history(const Invocation& invocation);
ExitCode run_hook(const Invocation& invocation);
ExitCode run_init(const Invocation& invocation);
ExitCode run_plan(const Invocation& invocation);
ExitCode run_promote(const Invocation& invocation);
ExitCode run_pull(const Invocation& invocation);
ExitCode run_render(const Invocation& invocation);
ExitCode run_rollback(const Invocation& invocation);
ExitCode run_sandbox(const Invocation& invocation);
ExitCode run_serve(const Invocation& invocation);
ExitCode run_status(const Invocation& invocation);
ExitCode run_unlock(const Invocation& invocation);
ExitCode run_validate(const Invocation& invocation);
ExitCode run_version(const Invocation& invocation);

}  // namespace flowship::cli
