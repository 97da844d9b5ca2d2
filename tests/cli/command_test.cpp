#include "cli/command.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace flowship::cli {
namespace {

constexpr int kColumns = 80;

TEST(Commands, HaveUniqueNamesSummariesAndFunctions) {
  std::set<std::string_view> names;
  for (const Command& command : commands()) {
    EXPECT_TRUE(names.insert(command.name).second) << command.name;
    EXPECT_FALSE(command.summary.empty()) << command.name;
    EXPECT_NE(command.run, nullptr) << command.name;
  }
}

TEST(Commands, TakeOnlyExistingOptionsAndLeaveNoneUnused) {
  std::set<std::string_view> known;
  for (const OptionSpec& option : all_options()) {
    EXPECT_TRUE(known.insert(option.name).second) << option.name;
    EXPECT_FALSE(option.summary.empty()) << option.name;
  }
  std::set<std::string_view> taken(global_options().begin(), global_options().end());
  for (const Command& command : commands()) {
    for (const std::string_view name : command.options) {
      EXPECT_TRUE(known.contains(name)) << command.name << " " << name;
      taken.insert(name);
    }
  }
  EXPECT_EQ(taken, known) << "an option of no command";
}

TEST(Commands, DeriveArityFromPlaceholders) {
  const auto arity = [](std::string_view name) {
    const Arity result = arity_of(*std::find_if(commands().begin(), commands().end(),
                                                [&](const Command& command) { return command.name == name; }));
    return std::pair(result.least, std::min<std::size_t>(result.most, 9));
  };
  EXPECT_EQ(arity("status"), std::pair(0UL, 0UL));
  EXPECT_EQ(arity("deploy"), std::pair(0UL, 9UL));
  EXPECT_EQ(arity("diff"), std::pair(0UL, 2UL));
  EXPECT_EQ(arity("convert"), std::pair(2UL, 2UL));
  EXPECT_EQ(arity("completion"), std::pair(1UL, 1UL));
  EXPECT_EQ(arity("help"), std::pair(0UL, 1UL));
  EXPECT_EQ(arity("hook"), std::pair(1UL, 9UL));
}

TEST(Help, ListsEveryCommandVariableAndExitCode) {
  const std::string text = help_text(kColumns);
  for (const Command& command : commands()) EXPECT_NE(text.find("\n  " + std::string(command.name)), std::string::npos);
  for (const EnvironmentVariable& variable : environment_variables()) {
    EXPECT_NE(text.find(variable.name), std::string::npos) << variable.name;
  }
  for (const int code : {0, 1, 2, 3, 4, 5, 6, 7, 64, 130, 143}) {
    EXPECT_NE(text.find(" " + std::to_string(code) + " "), std::string::npos) << code;
  }
}

TEST(Help, ListsEveryOptionOfACommand) {
  for (const Command& command : commands()) {
    const std::string text = help_text(command, kColumns);
    for (const std::string_view name : command.options) EXPECT_NE(text.find(name), std::string::npos) << name;
    for (const std::string_view name : global_options()) EXPECT_NE(text.find(name), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace flowship::cli
