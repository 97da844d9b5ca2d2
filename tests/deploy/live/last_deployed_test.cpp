#include "deploy/live/last_deployed.hpp"

#include "deploy/workshop.hpp"

#include <gtest/gtest.h>

namespace flowship::deploy {
namespace {

TEST(LastDeployed, LooksAtTheSourcesWhereTheNumberOfFlowsIsNotThatOfTheTags) {
  Workshop workshop;
  workshop.deploy_flows({"a", "b"});
  workshop.in_workspace([](Workspace& workspace, const Context&) {
    for (const int total : {0, 1, 2, 3, 77}) {
      LedgerEntry entry = *workspace.ledger.head();
      entry.record.total = total;
      EXPECT_EQ(LastDeployed(workspace.repository, workspace.ledger, entry).ids(), (std::vector<std::string>{"a", "b"}))
          << total;
    }
    return 0;
  });
}

}  // namespace
}  // namespace flowship::deploy
