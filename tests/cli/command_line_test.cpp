#include "cli/command_line.hpp"

#include "base/error.hpp"

#include <gtest/gtest.h>

namespace flowship::cli {
namespace {

using Words = std::vector<std::string>;

/// The words of a line of a shell that quotes with apostrophes.
Words typed(std::string_view line) {
  Words words(1);
  bool is_quoted = false;
  for (const char letter : line) {
    if (letter == '\'') {
      is_quoted = !is_quoted;
    } else if (letter == ' ' && !is_quoted) {
      words.emplace_back();
    } else {
      words.back() += letter;
    }
  }
  return words;
}

Options parse(Words words) {
  words.insert(words.begin(), "deploy");
  return parse_command_line(words).options;
}

/// The usage error for the words, message and hint in one.
std::string error_of(const Words& words) {
  try {
    parse_command_line(words);
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::usage);
    return error.message() + " " + error.hint();
  }
  ADD_FAILURE() << "accepted: " << testing::PrintToString(words);
  return {};
}

void expect_error(const Words& words, const std::string& part) {
  const std::string text = error_of(words);
  EXPECT_NE(text.find(part), std::string::npos) << text;
}

TEST(CommandLine, TakesValuesAfterSpaceOrEqualsSign) {
  EXPECT_EQ(parse({"--env", "production"}).environment, "production");
  EXPECT_EQ(parse({"--env=a=b"}).environment, "a=b");
  EXPECT_EQ(parse({"--env", "a:b"}).environment, "a:b");
  EXPECT_EQ(parse({"--env", "--rev"}).environment, "--rev");
  EXPECT_EQ(parse({"--max-wait", "2m"}).deploy.connection.retry.longest_wait, std::chrono::minutes(2));
  EXPECT_TRUE(parse({"--prune"}).deploy.request.prune);
}

TEST(CommandLine, KeepsArgumentsInOrderAndEndsOptionsAtTwoDashes) {
  const Options options = parse({"a", "--atomic", "b", "-", "--", "--env", "-x", "--"});
  EXPECT_EQ(options.arguments, (Words{"a", "b", "-", "--env", "-x", "--"}));
  EXPECT_TRUE(options.environment.empty());
}

TEST(CommandLine, TakesGlobalOptionsBeforeAndAfterTheCommand) {
  const Words words{"--env",     "staging", "--quiet", "--color=never", "--format=json", "status",
                    "--verbose", "--env",   "dev"};
  const CommandLine line = parse_command_line(words);
  EXPECT_EQ(line.command->name, "status");
  EXPECT_TRUE(line.options.quiet && line.options.verbose);
  EXPECT_EQ(line.options.colour, ColourWhen::never);
  EXPECT_EQ(line.options.format, "json");
  EXPECT_EQ(line.options.environment, "dev") << "the last one counts";
  expect_error({"--prune", "deploy"}, "behind the command");
  expect_error({"--env"}, "--env needs a value");
  expect_error({"--quiet"}, "no command");
}

TEST(CommandLine, ShowsHelpWhateverElseIsMissing) {
  EXPECT_TRUE(parse_command_line(Words{"convert", "-h"}).options.help);
  EXPECT_EQ(parse_command_line(Words{"-h"}).command, nullptr);
  EXPECT_EQ(parse_command_line(Words{"--help", "plan"}).command->name, "plan");
  EXPECT_EQ(parse_command_line(Words{"--version"}).command->name, "version");
}

TEST(CommandLine, TakesExactNamesOnly) {
  for (const char* option : {"--concur=3", "--ENV=x", "--env:x", "-env", "-hx", "-h=1", "--", "---env"}) {
    if (std::string(option) != "--") expect_error({"deploy", option}, "unknown option");
  }
}

TEST(CommandLine, SuggestsWhatWasMeant) {
  expect_error({"deploy", "--concurency", "3"}, "did you mean `--concurrency`?");
  expect_error({"deploy", "--dry-run"}, "did you mean `flowship plan`?");
  expect_error({"plan", "--dry-run"}, "`plan` sends nothing");
  expect_error({"deploy", "-q"}, "did you mean `--quiet`?");
  expect_error({"deploy", "-v"}, "did you mean `--verbose`?");
  expect_error({"deploy", "--no-color"}, "did you mean `--color never`?");
  expect_error({"deploy", "--port", "3"}, "an option of `sandbox`");
  expect_error({"deploy", "--format", "yaml"}, "did you mean `json`?");
  expect_error({"deploy", "--report", "md=x"}, "did you mean `markdown`?");
  expect_error({"apply"}, "did you mean `deploy`?");
  expect_error({"destroy"}, "did you mean `deploy --prune`?");
  expect_error({"import"}, "`pull`");
  expect_error({"dploy"}, "did you mean `deploy`?");
}

TEST(CommandLine, RefusesMissingAndEmptyValues) {
  for (const Words& words : std::vector<Words>{{"--env"}, {"--env", ""}, {"--env="}, {"--env=", "x"}}) {
    Words line{"deploy"};
    line.insert(line.end(), words.begin(), words.end());
    expect_error(line, "--env needs a value");
  }
}

TEST(CommandLine, RefusesInvalidValues) {
  for (const char* value : {"0", "33", "-1", "4x", "99999999999999999999"}) {
    expect_error({"deploy", "--concurrency", value}, "from 1 to 32");
  }
  for (const char* value : {"-1s", "5 m", "1y", "m"}) expect_error({"deploy", "--max-wait", value}, "takes a time");
  for (const char* option : {"--connect-timeout", "--request-timeout", "--git-timeout"}) {
    expect_error({"deploy", option, "0s"}, "longer than zero");
  }
  expect_error({"deploy", "--prune=yes"}, "takes no value");
  expect_error({"deploy", "--on-drift", "merge"}, "fail, skip, overwrite or adopt");
  expect_error({"deploy", "--color", "alway"}, "did you mean `always`?");
}

TEST(CommandLine, CountsArguments) {
  expect_error({"status", "x"}, "unexpected argument `x`");
  expect_error({"rollback", "x", "y"}, "unexpected argument `y`");
  expect_error({"convert", "x"}, "usage: flowship convert [OPTIONS] SOURCE TARGET");
  expect_error({"help", "plan", "deploy"}, "unexpected argument `deploy`");
  EXPECT_EQ(parse_command_line(Words{"hook", "install", "a", "b"}).options.arguments.size(), 3U);
}

TEST(CommandLine, TakesTheExamplesOfTheHelp) {
  for (const Command& command : commands()) {
    const std::vector<Example> examples = examples_of(command.name);
    EXPECT_EQ(examples.empty(), command.name == "version") << command.name;
    for (const Example& example : examples) {
      const Words words = typed(example.line);
      ASSERT_EQ(words.front(), "flowship");
      const Command* const parsed = parse_command_line(std::span(words).subspan(1)).command;
      EXPECT_EQ(parsed, &command) << example.line;
    }
  }
}

}  // namespace
}  // namespace flowship::cli
