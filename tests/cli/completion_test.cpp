#include "cli/completion/completion.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace flowship::cli {
namespace {

/// The candidates for the last word, without descriptions.
std::string candidates(const std::vector<std::string>& words) {
  std::string names;
  std::string line;
  for (const char letter : complete(words)) {
    if (letter != '\n') {
      line += letter;
      continue;
    }
    names += (names.empty() ? "" : " ") + line.substr(0, line.find('\t'));
    line.clear();
  }
  return names;
}

TEST(Completion, OffersCommandsAndGlobalOptions) {
  EXPECT_EQ(candidates({"va"}), "validate");
  EXPECT_EQ(complete(std::vector<std::string>{"va"}), "validate\tcheck flows without contacting the service\n");
  EXPECT_EQ(candidates({"--env", "x", "--q"}), "--quiet");
  EXPECT_EQ(candidates({"--quiet", "va"}), "validate");
  EXPECT_EQ(candidates({"deploy", "--atom"}), "--atomic");
}

TEST(Completion, OffersValuesInEitherForm) {
  EXPECT_EQ(candidates({"deploy", "--on-drift", ""}), "fail skip overwrite adopt");
  EXPECT_EQ(candidates({"deploy", "--on-drift=s"}), "--on-drift=skip");
  EXPECT_EQ(candidates({"plan", "--format", "js"}), "json");
  EXPECT_EQ(candidates({"plan", "--report", "js"}), "json=");
  EXPECT_EQ(candidates({"plan", "--report=js"}), "--report=json=");
}

TEST(Completion, LeavesPathsToTheShell) {
  EXPECT_EQ(candidates({"validate", "x"}), ":files");
  EXPECT_EQ(candidates({"plan", "--config", ""}), ":files");
  EXPECT_EQ(candidates({"plan", "--config="}), ":files");
  EXPECT_EQ(candidates({"plan", "--report", "json="}), ":files");
  EXPECT_EQ(candidates({"plan", "--repo", "x"}), ":folders");
}

TEST(Completion, OffersArgumentsAndNoMoreThanThereCanBe) {
  EXPECT_EQ(candidates({"completion", ""}), "bash zsh fish");
  EXPECT_EQ(candidates({"completion", "bash", "z"}), "");
  EXPECT_EQ(candidates({"hook", "install", "pre-c"}), "pre-commit");
  EXPECT_EQ(candidates({"help", "ru"}), "rules");
}

TEST(Completion, IsSilentWhenSomethingIsBroken) {
  EXPECT_EQ(candidates({}), "");
  EXPECT_EQ(candidates({"nonsense", ""}), "");
  EXPECT_EQ(candidates({"--repo", "/nonexistent", "deploy", ""}), "");
  EXPECT_EQ(candidates({"deploy", "--port", ""}), "");
}

}  // namespace
}  // namespace flowship::cli
