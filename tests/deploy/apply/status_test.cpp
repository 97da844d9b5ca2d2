#include "deploy/apply/status.hpp"

#include "deploy/workshop.hpp"

#include <gtest/gtest.h>

namespace flowship::deploy {
namespace {

/// `a in-sync, b pending`.
std::string states(const Workshop& workshop, Ask ask) {
  return workshop.in_workspace([&](Workspace& workspace, const Context& context) {
    std::string text;
    const Status found = status(workspace, workshop.options(), context, ask);
    EXPECT_EQ(found.offline, ask == Ask::nobody);
    for (const FlowStatus& flow : found.flows) {
      text += (text.empty() ? "" : ", ") + flow.flow_id + " " + std::string(to_text(flow.state));
    }
    return text;
  });
}

TEST(Status, ComparesEachFlowWithTheRevisionAndTheService) {
  Workshop workshop;
  workshop.deploy_flows({"changed", "edited", "gone", "kept"});
  workshop.commit_flow("changed", "new");
  workshop.edit_in_console("edited", "by hand");
  workshop.edit_in_console("stranger", "of somebody else");
  workshop.delete_in_console("gone");
  EXPECT_EQ(states(workshop, Ask::service),
            "changed pending, edited drifted, gone missing, kept in-sync, stranger unmanaged");
  EXPECT_EQ(states(workshop, Ask::nobody), "changed pending, edited in-sync, gone in-sync, kept in-sync");
}

TEST(Status, SaysWhatADeploymentWouldDo) {
  Workshop workshop;
  workshop.deploy_flows({"already", "removed"});
  workshop.commit_flow("already", "new");
  workshop.edit_in_console("already", "new");
  workshop.commit_flow("foreign", "ours");
  workshop.edit_in_console("foreign", "of somebody else");
  workshop.files().remove("removed.json");
  workshop.commit();
  workshop.delete_in_console("removed");
  EXPECT_EQ(states(workshop, Ask::service), "already pending, foreign unmanaged");
}

TEST(Status, BeforeTheFirstDeploymentEverythingIsPending) {
  Workshop workshop;
  workshop.commit_flow("a", "a");
  EXPECT_EQ(states(workshop, Ask::service), "a pending");
}

}  // namespace
}  // namespace flowship::deploy
