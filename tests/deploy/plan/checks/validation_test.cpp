#include "deploy/plan/checks/validation.hpp"

#include "base/error.hpp"
#include "deploy/workshop.hpp"

#include <gtest/gtest.h>

namespace flowship::deploy {
namespace {

Validated validated(const Workshop& workshop, const std::vector<std::string>& paths = {}) {
  return workshop.in_workspace(
      [&](Workspace& workspace, const Context&) { return validate(workspace.revision, workspace.config, paths); });
}

TEST(Validate, ChecksEveryFlowOrOnlyThePathsThatAreNamed) {
  Workshop workshop;
  workshop.write_flow("a", "a", "nobody");
  workshop.write_flow("b", "b", "nobody");
  workshop.commit();
  EXPECT_EQ(validated(workshop).flows(), 2);
  EXPECT_EQ(validated(workshop).findings.size(), 2U);
  const Validated one = validated(workshop, {"a.json"});
  EXPECT_EQ(one.flows(), 1);
  ASSERT_EQ(one.findings.size(), 1U);
  EXPECT_EQ(one.findings[0].path, "a.json");
  EXPECT_EQ(validated(workshop, {"."}).flows(), 2);
}

TEST(Validate, APathThatNamesNothingIsAUsageError) {
  Workshop workshop;
  workshop.write_flow("a", "a");
  workshop.commit();
  try {
    validated(workshop, {"b.json"});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::usage);
  }
}

}  // namespace
}  // namespace flowship::deploy
