#include "cli/options.hpp"

#include "base/error.hpp"

#include <gtest/gtest.h>

namespace flowship::cli {
namespace {

constexpr std::string_view kAllowed[] = {
    "--env", "--staged", "--concurrency", "--max-wait", "--connect-timeout", "--request-timeout", "--git-timeout"};

Options parse(const std::vector<std::string>& words) { return parse_options(words, kAllowed); }

/// The usage error that the words lead to, message and hint in one.
std::string fault_of(const std::vector<std::string>& words) {
  try {
    parse(words);
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::usage);
    return error.message() + " " + error.hint();
  }
  ADD_FAILURE() << "accepted";
  return {};
}

TEST(CommandLine, TakesValuesBehindASpaceOrAnEqualsSign) {
  EXPECT_EQ(parse({"--env", "production"}).environment, "production");
  EXPECT_EQ(parse({"--env=a=b"}).environment, "a=b");
  EXPECT_EQ(parse({"--max-wait", "2m"}).deploy.connection.retry.longest_wait, std::chrono::minutes(2));
  EXPECT_TRUE(parse({"--staged"}).staged);
}

TEST(CommandLine, LeavesArgumentsInOrderAndEndsOptionsAtTwoDashes) {
  const Options options = parse({"a", "--staged", "b", "--", "--env", "-x"});
  EXPECT_EQ(options.arguments, (std::vector<std::string>{"a", "b", "--env", "-x"}));
  EXPECT_TRUE(options.environment.empty());
}

TEST(CommandLine, NamesTheNearestOptionForAnUnknownOne) {
  EXPECT_NE(fault_of({"--concurency", "3"}).find("--concurrency"), std::string::npos);
  EXPECT_NE(fault_of({"--port", "3"}).find("--port"), std::string::npos);
}

TEST(CommandLine, RefusesValuesThatAreMissingOrEmpty) {
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"--env"}, {"--env", ""}, {"--env="}}) {
    EXPECT_NE(fault_of(words).find("--env needs a value"), std::string::npos);
  }
}

TEST(CommandLine, RefusesValuesOutOfBounds) {
  for (const char* value : {"0", "33", "-1", "4x", "", "99999999999999999999"}) fault_of({"--concurrency", value});
  for (const char* value : {"-1s", "5 m", "", "1y", "m"}) fault_of({"--max-wait", value});
  for (const char* option : {"--connect-timeout", "--request-timeout", "--git-timeout"}) {
    EXPECT_NE(fault_of({option, "0s"}).find("some time"), std::string::npos) << option;
  }
  fault_of({"--concurrency"});
  fault_of({"--staged=yes"});
}

}  // namespace
}  // namespace flowship::cli
