#include "report/samples.hpp"

#include <gtest/gtest.h>

namespace flowship::report {
namespace {

TEST(Formats, TextIsTheDefault) { EXPECT_EQ(formats().front().name, "text"); }

TEST(Formats, RejectsAnUnknownNameWithASuggestion) {
  try {
    format_of("jsn");
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::usage);
    EXPECT_NE(error.message().find("`jsn`"), std::string::npos);
    EXPECT_NE(error.hint().find("did you mean `json`"), std::string::npos) << error.hint();
    EXPECT_NE(error.hint().find("text, json, github, sarif, junit, gitlab"), std::string::npos) << error.hint();
  }
}

TEST(Formats, EveryResultEndsInANewline) {
  for (const Format& format : formats()) {
    if (format.validation != nullptr) {
      EXPECT_EQ(format.validation(samples::validation(), {}).back(), '\n') << format.name;
    }
    if (format.graph != nullptr) {
      EXPECT_EQ(format.graph(samples::graph(), {}).back(), '\n') << format.name;
    }
    if (format.error == nullptr) continue;
    EXPECT_EQ(format.error(samples::error()).back(), '\n') << format.name;
  }
}

TEST(ErrorText, HasMessageAndHintWithoutControlCharacters) {
  EXPECT_EQ(error_text(samples::error(), {}),
            "flowship: error: there is no commit `v9\\x1b]0;x`\nhint: Fetch it, or name another with --rev.\n");
  EXPECT_EQ(error_text(Error("no"), {}), "flowship: error: no\n");
}

}  // namespace
}  // namespace flowship::report
