#pragma once

#include "cli/run.hpp"

#include <ostream>
#include <string>
#include <utility>
#include <variant>
#include <vector>

// Commands that are about one environment or, with --all, about every one.

namespace flowship::cli {

/// What a command found out about an environment, and its exit code.
template <typename Result>
struct Answer {
  Result result;
  ExitCode code = ExitCode::done;
};

/// The one that matters more: errors come before drift, drift before changes.
ExitCode worse(ExitCode one, ExitCode other);

/// The names of the environments for --all.
std::vector<std::string> all_environments(const Options& options);

/// Says on standard error that an environment failed. Rethrows if the user stopped the command.
Error noted(const Invocation& invocation, const std::string& environment, Error error);

/// Asks about the chosen environment, or with --all about each: one that fails hides no other. Writes the results, and
/// returns the worst exit code.
template <typename Result, typename Ask>
ExitCode show_environments(const Invocation& invocation,
                           std::string (*report::Format::*function)(const Result&, const report::Style&),
                           const Ask& ask) {
  const Options& options = invocation.options;
  const auto write = writer(invocation, function);
  if (!options.all) {
    const Answer<Result> answer = ask(options);
    invocation.out << write(answer.result, invocation.style);
    return answer.code;
  }
  ExitCode code = ExitCode::done;
  std::vector<std::pair<std::string, std::variant<Result, Error>>> found;
  for (const std::string& name : all_environments(options)) {
    Options one = options;
    one.environment = name;
    try {
      Answer<Result> answer = ask(one);
      code = worse(code, answer.code);
      found.emplace_back(name, std::move(answer.result));
    } catch (const Error& error) {
      code = worse(code, exit_code_of(error.fault()));
      found.emplace_back(name, noted(invocation, name, error));
    }
  }
  const auto text_in = [&found, function](const report::Format& format, const report::Style& style) {
    std::vector<report::Section> sections;
    for (const auto& [name, one] : found) {
      report::Section& section = sections.emplace_back(report::Section{.environment = name, .text = {}, .error = {}});
      if (const Result* result = std::get_if<Result>(&one)) {
        section.text = (format.*function)(*result, style);
      } else {
        section.error = std::get<Error>(one);
      }
    }
    return report::sections_text(format, sections, style);
  };
  for (const ReportFile& report : options.reports) {
    write_file_atomically(
        report.path, text_in(*report.format,
                             {.colour = false, .quiet = invocation.style.quiet, .verbose = invocation.style.verbose}));
  }
  invocation.out << text_in(invocation.format, invocation.style);
  return code;
}

}  // namespace flowship::cli
