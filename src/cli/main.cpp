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

/// The values of an option, known even when the command line as a whole is wrong.
std::vector<std::string> values_of(const std::string& option, const std::vector<std::string>& words) {
  std::vector<std::string> values;
  for (std::size_t at = 0; at < words.size() && words[at] != "--"; ++at) {
    if (words[at] == option && at + 1 < words.size()) values.push_back(words[at + 1]);
    if (words[at].starts_with(option + "=")) values.push_back(words[at].substr(option.size() + 1));
  }
  return values;
}

/// The format to report errors in.
const report::Format& format_for_errors(const std::vector<std::string>& words) {
  const std::vector<std::string> names = values_of("--format", words);
  for (const report::Format& format : report::formats()) {
    if (!names.empty() && format.name == names.back()) return format;
  }
  return report::formats().front();
}

/// The files of --report; one that is wrong itself is left out.
cli::Options reports_for_errors(const std::vector<std::string>& words) {
  cli::Options options;
  for (const std::string& value : values_of("--report", words)) {
    try {
      cli::option_of("--report").set(options, value);
    } catch (const Error&) {
      continue;
    }
  }
  return options;
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
  return options.help ? cli::show_help(invocation, line.command) : line.command->run(invocation);
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
    cli::report_failure(reports_for_errors(words), error);
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
