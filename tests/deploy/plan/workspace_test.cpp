#include "deploy/plan/workspace.hpp"

#include "deploy/workshop.hpp"

#include <gtest/gtest.h>

namespace flowship::deploy {
namespace {

TEST(Workspace, UsesWhatWasDeployedInThePlaceOfTheRevision) {
  Workshop workshop;
  workshop.configure(R"("set": {"a": {"/metadata/name": "of then"}})");
  workshop.deploy_flows({"a"});
  const std::string deployed = workshop.files().git({"rev-parse", "HEAD"});
  workshop.configure(R"("set": {"a": {"/metadata/name": "of now"}})");
  workshop.write_flow("b", "b");
  workshop.commit();
  for (const auto overrides : {Workspace::Overrides::of_entry, Workspace::Overrides::of_environment}) {
    workshop.in_workspace([&](Workspace& workspace, const Context&) {
      EXPECT_FALSE(workspace.from_ledger);
      workspace.use_deployed(*workspace.ledger.head(), overrides);
      EXPECT_TRUE(workspace.from_ledger);
      EXPECT_EQ(workspace.revision.name(), deployed);
      EXPECT_TRUE(workspace.revision.read_path("a.json"));
      EXPECT_FALSE(workspace.revision.read_path("b.json"));
      const bool of_then = overrides == Workspace::Overrides::of_entry;
      EXPECT_EQ(workspace.environment.overrides.set.at("a").at("/metadata/name"),
                of_then ? "\"of then\"" : "\"of now\"");
    });
  }
}

}  // namespace
}  // namespace flowship::deploy
