#pragma once

#include "base/error.hpp"
#include "base/files/files.hpp"
#include "base/held_secrets.hpp"
#include "cli/command.hpp"

#include <string>

namespace flowship::cli {

/// A format's function for a kind of result; a usage `Error` if the format has none.
template <typename Result>
auto function_of(const report::Format& format, std::string_view option,
                 std::string (*report::Format::*function)(const Result&, const report::Style&)) {
  if (format.*function != nullptr) return format.*function;
  std::vector<std::string> names;
  for (const report::Format& other : report::formats()) {
    if (other.*function != nullptr) names.emplace_back(other.name);
  }
  throw usage_error(std::string(option) + " " + std::string(format.name) + " is not available for this command",
                    "use " + listed(names, "or"));
}

/// Returns what turns a result into text for standard output, in the chosen format, and writes the files of --report.
/// Throws at once, before anything is done, if a format is not available or a file can't be written. The files are
/// empty from then on, so that nothing of an earlier run is taken for the result.
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
      write_file_atomically(report.path,
                            without_held((report.format->*function)(
                                result, {.colour = false, .quiet = style.quiet, .verbose = style.verbose})));
    }
    return text(result, style);
  };
}

/// Writes a result to standard output, or, if the format is a page and --out names a file, to that file.
void show(const Invocation& invocation, const std::string& text);

/// Writes an error to the files of --report. Where one can't be written, standard error still has the error.
void report_failure(const Options& options, const Error& error);

/// Writes what stopped a deployment to standard output, standard error and the files of --report.
void show_refusal(const Invocation& invocation, const report::Refusal& refusal);

/// The error with secrets masked, as it may be shown.
Error masked(const Error& error);

ExitCode exit_code_of(Fault fault);

/// Writes `flowship: warning: TEXT` to standard error.
void warn(const Invocation& invocation, std::string_view text);

/// Writes the help on a command, or the general help (null).
ExitCode show_help(const Invocation& invocation, const Command* command);

// One function per command, each in the file of that name.
ExitCode run_completion(const Invocation& invocation);
ExitCode run_convert(const Invocation& invocation);
ExitCode run_demo(const Invocation& invocation);
ExitCode run_deploy(const Invocation& invocation);
ExitCode run_diff(const Invocation& invocation);
ExitCode run_explain(const Invocation& invocation);
ExitCode run_help(const Invocation& invocation);
ExitCode run_history(const Invocation& invocation);
ExitCode run_hook(const Invocation& invocation);
ExitCode run_init(const Invocation& invocation);
ExitCode run_merge(const Invocation& invocation);
ExitCode run_paths(const Invocation& invocation);
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
