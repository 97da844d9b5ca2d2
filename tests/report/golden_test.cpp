#include "base/files/files.hpp"
#include "report/samples.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <regex>

namespace flowship::report {
namespace {

/// What differs between two runs or two versions, made the same.
std::string settled(const std::string& text) {
  static const std::regex token("::stop-commands::([0-9a-f]{32})");
  static const std::regex version("\"semanticVersion\": \"[^\"]*\"");
  std::string result = std::regex_replace(text, version, "\"semanticVersion\": \"VERSION\"");
  std::smatch found;
  if (std::regex_search(text, found, token)) result = std::regex_replace(result, std::regex(found[1].str()), "TOKEN");
  return result;
}

/// Compares with `golden/<name>`; with FLOWSHIP_WRITE_GOLDEN set in the environment, writes it instead.
void expect_golden(const std::string& name, const std::string& text) {
  const std::string path = std::string(GOLDEN_FILES) + "/" + name;
  if (std::getenv("FLOWSHIP_WRITE_GOLDEN") != nullptr) {
    std::ofstream(path, std::ios::binary) << settled(text);
    return;
  }
  const auto golden = read_file(path);
  ASSERT_TRUE(golden.has_value()) << path << " is missing";
  EXPECT_EQ(settled(text), *golden) << name;
}

class Golden : public testing::TestWithParam<std::string> {};

TEST_P(Golden, MatchesItsFile) {
  const Format& format = format_of(GetParam());
  const Style style;
  const std::string prefix = GetParam() + "/";
  if (format.validation != nullptr) {
    expect_golden(prefix + "validation", format.validation(samples::validation(), style));
    expect_golden(prefix + "validation-clean", format.validation(samples::clean_validation(), style));
  }
  if (format.plan != nullptr) {
    expect_golden(prefix + "plan", format.plan(samples::plan(), style));
    expect_golden(prefix + "plan-empty", format.plan(samples::empty_plan(), style));
  }
  if (format.diff != nullptr) {
    expect_golden(prefix + "diff", format.diff(samples::diff(), style));
    expect_golden(prefix + "diff-empty", format.diff(samples::empty_diff(), style));
  }
  if (format.deployment != nullptr) {
    expect_golden(prefix + "deployment", format.deployment(samples::deployment(), style));
    expect_golden(prefix + "deployment-empty", format.deployment(samples::empty_deployment(), style));
  }
  if (format.status != nullptr) {
    expect_golden(prefix + "status", format.status(samples::status(), style));
    expect_golden(prefix + "status-empty", format.status(samples::empty_status(), style));
  }
  if (format.graph != nullptr) expect_golden(prefix + "graph", format.graph(samples::graph(), style));
  if (format.history != nullptr) {
    expect_golden(prefix + "history", format.history(samples::history(), style));
    expect_golden(prefix + "history-empty", format.history(samples::empty_history(), style));
  }
  if (format.error != nullptr) expect_golden(prefix + "error", format.error(samples::error()));
  if (format.refusal != nullptr) {
    expect_golden(prefix + "refusal", format.refusal({samples::error(), samples::validation().findings}));
  }
}

INSTANTIATE_TEST_SUITE_P(Formats, Golden,
                         testing::Values("text", "json", "github", "sarif", "junit", "gitlab", "markdown", "html",
                                         "mermaid", "svg", "dot"));

TEST(GoldenDrawings, ShowAChange) {
  for (const std::string name : {"mermaid", "svg", "dot"}) {
    expect_golden(name + "/graph-marked", format_of(name).graph(samples::marked_graph(), {}));
  }
}

TEST(GoldenText, ShowsColours) {
  const Style style{.colour = true, .quiet = false, .verbose = false};
  const Format& text = format_of("text");
  expect_golden("text/colour", text.validation(samples::validation(), style) + text.plan(samples::plan(), style) +
                                   text.diff(samples::diff(), style) + text.deployment(samples::deployment(), style) +
                                   text.status(samples::status(), style) + text.history(samples::history(), style) +
                                   error_text(samples::error(), style));
}

TEST(GoldenText, SaysLessWhenQuietAndMoreWhenVerbose) {
  for (const auto& [name, style] :
       {std::pair("text/quiet", Style{.colour = false, .quiet = true, .verbose = false}),
        std::pair("text/verbose", Style{.colour = false, .quiet = false, .verbose = true})}) {
    const Format& text = format_of("text");
    expect_golden(name, text.validation(samples::validation(), style) + text.plan(samples::plan(), style) +
                            text.plan(samples::empty_plan(), style) + text.diff(samples::diff(), style) +
                            text.deployment(samples::deployment(), style) +
                            text.deployment(samples::empty_deployment(), style) +
                            text.status(samples::status(), style) + text.history(samples::history(), style));
  }
}

}  // namespace
}  // namespace flowship::report
