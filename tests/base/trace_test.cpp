#include "base/trace.hpp"

#include "base/process.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

namespace flowship {
namespace {

TEST(Trace, MasksCredentials) {
  EXPECT_EQ(without_credentials("git -c http.extraHeader=Authorization: Basic eDp5 fetch"),
            "git -c http.extraHeader=Authorization: ***");
  EXPECT_EQ(without_credentials("fetch https://user:pa:ss@git.example/a.git and ssh://git@host/b"),
            "fetch https://***@git.example/a.git and ssh://***@host/b");
  EXPECT_EQ(without_credentials("GET /x?token=abc&page=2 password: hush"), "GET /x?token=***&page=2 password: ***");
  EXPECT_EQ(without_credentials("Bearer P2abc:K2bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"), "Bearer P2abc:***");
  EXPECT_EQ(without_credentials("answered 503: Bearer abcdefghijklmnop12345"), "answered 503: Bearer ***");
  EXPECT_EQ(without_credentials("git ls-files -z flows/key-rotation.json"), "git ls-files -z flows/key-rotation.json");
}

TEST(Trace, StaysOnOneLine) { EXPECT_EQ(without_credentials("a\nb\x1b[1m"), "a\\nb\\x1b[1m"); }

using TraceDeathTest = testing::Test;

TEST(TraceDeathTest, ShowsEachProcessOnlyWhenAskedTo) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto run_and_exit = [] {
    run({.arguments = {"printf", "token=abc"}});
    std::exit(0);
  };
  EXPECT_EXIT(run_and_exit(), testing::ExitedWithCode(0), "^$");
  ::setenv("FLOWSHIP_TRACE", "1", 1);
  EXPECT_EXIT(run_and_exit(), testing::ExitedWithCode(0),
              "^trace +[0-9.]+ s  run    printf token=\\*\\*\\* \\[[0-9]+ ms, exit 0\\]\n$");
  ::unsetenv("FLOWSHIP_TRACE");
}

}  // namespace
}  // namespace flowship
