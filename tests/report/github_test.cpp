#include "report/samples.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

namespace flowship::report {
namespace {

/// The lines that a runner obeys as commands, by its rules: none between `::stop-commands::T` and `::T::`.
std::vector<std::string> obeyed(const std::string& text) {
  std::vector<std::string> commands;
  std::istringstream lines(text);
  std::string stopped;
  for (std::string line; std::getline(lines, line);) {
    const std::string trimmed = line.substr(std::min(line.find_first_not_of(" \t"), line.size()));
    if (!stopped.empty()) {
      if (trimmed == "::" + stopped + "::") stopped.clear();
      continue;
    }
    if (trimmed.starts_with("::stop-commands::")) {
      stopped = trimmed.substr(17);
    } else if (line.find("##[") != std::string::npos) {
      commands.push_back("old form: " + line);
    } else if (trimmed.starts_with("::")) {
      commands.push_back(line);
    }
  }
  return commands;
}

TEST(Github, AnnotatesEveryFinding) {
  const auto commands = obeyed(format_of("github").validation(samples::validation(), {}));
  ASSERT_EQ(commands.size(), 4U);
  EXPECT_EQ(commands[1],
            "::error title=flowship%3A missing-screen,file=flows/login/screen-welcome.json,line=1,col=1::screen "
            "`welcome` has no file%0AAdd the file, or take `welcome` out of `screens`.");
  EXPECT_TRUE(commands[2].starts_with("::warning "));
  EXPECT_TRUE(commands[3].starts_with("::notice "));
}

TEST(Github, EscapesPercentFirstAndSeparatorsInProperties) {
  const auto commands = obeyed(format_of("github").validation(samples::validation(), {}));
  EXPECT_NE(commands[0].find("file=flows/a b%2C100%25%3A"), std::string::npos) << commands[0];
}

TEST(Github, EscapesCommandsInTextsOfOthers) {
  deploy::Deployment deployment = samples::empty_deployment();
  deployment.flows.push_back({.flow_id = "a",
                              .action = deploy::Action::update,
                              .outcome = deploy::FlowOutcome::failed,
                              .attempts = 1,
                              .error = "\n::add-mask::x\r\n##[command]x",
                              .hint = "::stop-commands::x",
                              .paths = {}});
  deployment.warnings = {"\n::error::x"};
  const std::string text = format_of("github").deployment(deployment, {});
  const auto commands = obeyed(text);
  ASSERT_EQ(commands.size(), 2U) << text;
  EXPECT_TRUE(commands[0].starts_with("::error title=flowship%3A a failed::"));
  EXPECT_TRUE(commands[1].starts_with("::warning title=flowship::"));
}

TEST(Github, UsesANewTokenEachTime) {
  const Format& github = format_of("github");
  EXPECT_NE(github.history(samples::history(), {}), github.history(samples::history(), {}));
}

}  // namespace
}  // namespace flowship::report
