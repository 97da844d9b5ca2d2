#include "base/error.hpp"
#include "base/held_secrets.hpp"
#include "base/secret.hpp"
#include "cli/command_line.hpp"
#include "cli/completion/completion.hpp"
#include "cli/run.hpp"
#include "cli/terminal.hpp"
#include "deploy/config/credentials.hpp"

#include <Poco/Exception.h>

#include <exception>
#include <iostream>
#include <span>
#include <string>
#include <unistd.h>
#include <vector>

namespace {

using namespace flowship;
using cli::ExitCode;

/// The format to report errors in, known even when the command line as a whole is wrong.
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

ExitCode run(const std::vector<std::string>& words) {
  if (words.empty()) {
    std::cout << cli::help_text(cli::text_columns());
    return ExitCode::usage;
  }
  const cli::CommandLine line = cli::parse_command_line(words);
  const cli::Options& options = line.options;
  deploy::hold_key_of(options.deploy.connection.key_file);
  const cli::Invocation invocation{.options = options,
                                   .format = report::format_of(options.format),
                                   .style = {.colour = cli::wants_colour(options.colour, STDOUT_FILENO),
                                             .quiet = options.quiet,
                                             .verbose = options.verbose,
                                             .now = system_clock().now()},
                                   .out = std::cout,
                                   .err = std::cerr,
                                   .clock = system_clock()};
  try {
    return options.help ? cli::show_help(invocation, line.command) : line.command->run(invocation);
  } catch (const Error& error) {
    cli::report_failure(options, cli::masked(error));
    throw;
  }
}

}  // namespace

int main(int count, char** arguments) {
  const std::vector<std::string> words(arguments + 1, arguments + count);
  if (!words.empty() && words.front() == cli::kCompleteCommand) {
    std::cout << cli::complete(std::span(words).subspan(1));
    return 0;
  }
  hold_variable(kKeyVariable);
  const MaskedStream out(std::cout);
  const MaskedStream err(std::cerr);
  const report::Format& format = format_for_errors(words);
  const auto fail = [&](const Error& unmasked) {
    const Error error = cli::masked(unmasked);
    if (format.error != nullptr) std::cout << format.error(error);
    std::cerr << report::error_text(error, {});
    return static_cast<int>(cli::exit_code_of(error.fault()));
  };
  try {
    protect_memory();
    const ExitCode code = run(words);
    // A result that was not written must not look like success.
    if (!std::cout.flush()) throw Error("cannot write to standard output");
    return static_cast<int>(code);
  } catch (const Error& error) {
    return fail(error);
  } catch (const Poco::Exception& error) {
    return fail(Error("unexpected: " + error.displayText(), "please report this"));
  } catch (const std::exception& error) {
    return fail(Error(std::string("unexpected: ") + error.what(), "please report this"));
  }
}
