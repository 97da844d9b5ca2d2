#include "deploy/pull/pull.hpp"

#include "base/error.hpp"
#include "deploy/workshop.hpp"

#include <gtest/gtest.h>

namespace flowship::deploy {
namespace {

PullOptions options_of(const Workshop& workshop) {
  PullOptions options;
  options.connection = workshop.options().connection;
  options.layout = flow::Layout::exported;
  return options;
}

Pulled pulled(const Workshop& workshop, const PullOptions& options) {
  return workshop.in_workspace(
      [&](Workspace& workspace, const Context& context) { return pull(workspace, options, context); }, true);
}

/// `a pulled, b unchanged`.
std::string text_of(const Pulled& pulled) {
  std::string text;
  for (const PulledFlow& flow : pulled.flows) {
    text += (text.empty() ? "" : ", ") + flow.flow_id + " " + std::string(to_text(flow.outcome));
  }
  return text;
}

TEST(Pull, BringsConsoleEditsAndNewFlowsWhichTheNextDeploymentRecords) {
  Workshop workshop;
  workshop.deploy_flows({"edited", "kept"});
  workshop.edit_in_console("edited", "by hand");
  workshop.edit_in_console("new", "new");
  const Pulled result = pulled(workshop, options_of(workshop));
  EXPECT_EQ(text_of(result), "edited pulled, kept unchanged, new pulled");
  EXPECT_TRUE(result.ok());
  EXPECT_EQ(result.flows[0].paths, std::vector<std::string>{"edited.json"});
  EXPECT_EQ(result.flows[2].paths, std::vector<std::string>{"new.json"});
  workshop.commit();
  EXPECT_EQ(outcomes(workshop.deploy()), "edited unchanged, new unchanged");
  EXPECT_EQ(steps(workshop.plan()), "");
  EXPECT_NE(workshop.files().git({"show", "HEAD:edited.json"}).find("by hand"), std::string::npos);
}

TEST(Pull, BringsOnlyTheFlowsThatAreNamed) {
  Workshop workshop;
  workshop.deploy_flows({"a", "b"});
  workshop.edit_in_console("a", "by hand");
  workshop.edit_in_console("b", "by hand");
  PullOptions options = options_of(workshop);
  options.flows = {"b"};
  EXPECT_EQ(text_of(pulled(workshop, options)), "b pulled");
  options.flows = {"nobody"};
  EXPECT_THROW(pulled(workshop, options), Error);
}

TEST(Pull, SparesWhatIsNotCommittedUnlessToldOtherwise) {
  Workshop workshop;
  workshop.deploy_flows({"a"});
  workshop.edit_in_console("a", "by hand");
  workshop.write_flow("a", "mine");
  PullOptions options = options_of(workshop);
  const Pulled refused = pulled(workshop, options);
  EXPECT_EQ(text_of(refused), "a failed");
  EXPECT_NE(refused.flows[0].error.find("a.json"), std::string::npos);
  EXPECT_FALSE(refused.ok());
  EXPECT_FALSE(refused.record);
  options.uncommitted = PullOptions::Uncommitted::overwrite;
  EXPECT_EQ(text_of(pulled(workshop, options)), "a pulled");
}

TEST(Pull, WaitsForNobodysDeployment) {
  Workshop workshop;
  workshop.deploy_flows({"a"});
  const git::Repository repository = git::Repository::open(workshop.files().path());
  Ledger ledger(repository, default_config().environment(""));
  Record intent = workshop.record();
  intent.phase = Phase::intent;
  ledger.append(ledger.head(), intent, {}, workshop.clock());
  try {
    pulled(workshop, options_of(workshop));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::held);
  }
}

}  // namespace
}  // namespace flowship::deploy
