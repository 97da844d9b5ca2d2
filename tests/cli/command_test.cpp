#include "cli/command.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace flowship::cli {
namespace {

TEST(Commands, HaveEachANameOfTheirOwnASummaryAndAFunction) {
  std::set<std::string_view> names;
  for (const Command& command : commands()) {
    EXPECT_TRUE(names.insert(command.name).second) << command.name;
    EXPECT_FALSE(command.summary.empty()) << command.name;
    EXPECT_NE(command.run, nullptr) << command.name;
  }
}

TEST(Commands, TakeOptionsThatThereAre) {
  std::set<std::string_view> known;
  for (const OptionSpec& option : all_options()) {
    EXPECT_TRUE(known.insert(option.name).second) << option.name;
    EXPECT_FALSE(option.summary.empty()) << option.name;
  }
  std::set<std::string_view> taken(common_options().begin(), common_options().end());
  for (const Command& command : commands()) {
    for (const std::string_view name : command.options) {
      EXPECT_TRUE(known.contains(name)) << command.name << " " << name;
      taken.insert(name);
    }
  }
  EXPECT_EQ(taken, known) << "an option that no command takes";
}

TEST(Help, ListsEveryCommandAndEveryExitCode) {
  const std::string text = help_text();
  for (const Command& command : commands()) EXPECT_NE(text.find("\n  " + std::string(command.name)), std::string::npos);
  for (const ExitCode code : {ExitCode::done, ExitCode::failed, ExitCode::changes, ExitCode::invalid, ExitCode::partial,
                              ExitCode::drifted, ExitCode::held, ExitCode::credentials, ExitCode::usage}) {
    EXPECT_NE(text.find(std::to_string(static_cast<int>(code)) + " "), std::string::npos) << static_cast<int>(code);
  }
}

TEST(Help, ListsEveryOptionOfACommand) {
  for (const Command& command : commands()) {
    const std::string text = help_text(command);
    for (const std::string_view name : command.options) EXPECT_NE(text.find(name), std::string::npos) << name;
    for (const std::string_view name : common_options()) EXPECT_NE(text.find(name), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace flowship::cli
