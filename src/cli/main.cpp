#include "base/error.hpp"
#include "base/files/files.hpp"
#include "base/text/did_you_mean.hpp"
#include "base/text/printable.hpp"
#include "cli/command.hpp"

#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>
#include <unistd.h>
#include <vector>

namespace {

using namespace flowship;
using cli::ExitCode;

ExitCode code_of(Fault fault) {
  switch (fault) {
    case Fault::failed:
      return ExitCode::failed;
    case Fault::invalid:
      return ExitCode::invalid;
    case Fault::partial:
      return ExitCode::partial;
    case Fault::drifted:
      return ExitCode::drifted;
    case Fault::held:
      return ExitCode::held;
    case Fault::credentials:
      return ExitCode::credentials;
    case Fault::usage:
      return ExitCode::usage;
    case Fault::interrupted:
      return ExitCode::interrupted;
    case Fault::terminated:
      return ExitCode::terminated;
  }
  return ExitCode::failed;
}

bool wants_colour(const cli::Options& options) {
  const char* term = std::getenv("TERM");
  const char* refused = std::getenv("NO_COLOR");  // no-color.org: an empty one says nothing
  return !options.no_color && (refused == nullptr || *refused == '\0') && ::isatty(STDOUT_FILENO) != 0 &&
         (term == nullptr || std::string_view(term) != "dumb");
}

const cli::Command& command_of(const std::string& name) {
  std::vector<std::string> names;
  for (const cli::Command& command : cli::commands()) {
    if (command.name == name) return command;
    names.emplace_back(command.name);
  }
  const std::string nearest = did_you_mean(name, names);
  if (name.starts_with('-'))
    throw usage_error("`" + printable(name) + "` stands before the command",
                      "options go behind it: flowship plan --format json");
  throw usage_error("there is no command `" + printable(name) + "`", nearest.empty() ? "see `flowship help`" : nearest);
}

/// The format that errors are to be told in, known even when the command line as a whole is wrong.
const report::Format& format_for_errors(const std::vector<std::string>& words) {
  std::string name = "text";
  for (std::size_t at = 0; at < words.size(); ++at) {
    if (words[at] == "--format" && at + 1 < words.size()) name = words[at + 1];
    if (words[at].starts_with("--format=")) name = words[at].substr(std::string_view("--format=").size());
  }
  for (const report::Format& format : report::formats()) {
    if (format.name == name) return format;
  }
  return report::formats().front();
}

void show_help(const report::Format& format, const std::string& text) {
  std::cout << report::note_text(format, {"help", text, text});
}

/// An error in the files that --report names; where one can't be written, standard error has it all the same.
void report_failure(const cli::Options& options, const Error& error) {
  for (const cli::ReportFile& report : options.reports) {
    if (report.format->error == nullptr) continue;
    try {
      write_file_atomically(report.path, report.format->error(error));
    } catch (const Error&) {
      continue;
    }
  }
}

ExitCode run(const std::vector<std::string>& words) {
  if (words.empty() || words[0] == "--help" || words[0] == "-h") {
    show_help(format_for_errors(words), cli::help_text());
    return words.empty() ? ExitCode::usage : ExitCode::done;
  }
  const std::string name = words[0] == "--version" ? "version" : words[0];
  const cli::Command& command = command_of(name);
  const cli::Options options = cli::parse_options(std::span(words).subspan(1), command.options);
  const report::Format& format = report::format_of(options.format);
  if (options.help) {
    show_help(format, cli::help_text(command));
    return ExitCode::done;
  }
  if (command.arguments.empty() && !options.arguments.empty()) {
    throw usage_error("`" + printable(options.arguments.front()) + "` is too much: " + std::string(command.name) +
                      " takes no arguments");
  }
  const report::Style style{.colour = wants_colour(options), .quiet = options.quiet, .verbose = options.verbose};
  try {
    return command.run({.options = options, .format = format, .style = style, .out = std::cout, .err = std::cerr});
  } catch (const Error& error) {
    report_failure(options, error);
    throw;
  }
}

}  // namespace

int main(int count, char** arguments) {
  const std::vector<std::string> words(arguments + 1, arguments + count);
  const report::Format& format = format_for_errors(words);
  const auto fail = [&](const Error& error) {
    if (format.error != nullptr) std::cout << format.error(error);
    std::cerr << report::error_text(error, {});
    return static_cast<int>(code_of(error.fault()));
  };
  try {
    const ExitCode code = run(words);
    // A result that could not be written is no result.
    if (!std::cout.flush()) throw Error("standard output can't be written");
    return static_cast<int>(code);
  } catch (const Error& error) {
    return fail(error);
  } catch (const std::exception& error) {
    return fail(Error(std::string("unexpected: ") + error.what(), "please report this"));
  }
}
