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

TEST(Pull, BringsConsoleEditsAndNewFlowsAndLeavesTheLedger) {
  Workshop workshop;
  workshop.deploy_flows({"edited", "kept"});
  const std::vector<std::string> show{"rev-parse", "refs/flowship/default"};
  const std::string tip = workshop.files().git(show);
  workshop.edit_in_console("edited", "by hand");
  workshop.edit_in_console("new", "new");
  const Pulled result = pulled(workshop, options_of(workshop));
  EXPECT_EQ(text_of(result), "edited pulled, kept unchanged, new pulled");
  EXPECT_TRUE(result.ok());
  EXPECT_EQ(result.flows[0].paths, std::vector<std::string>{"edited.json"});
  EXPECT_EQ(result.flows[2].paths, std::vector<std::string>{"new.json"});
  EXPECT_EQ(workshop.files().git(show), tip);
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

TEST(Pull, MergesIntoWhatIsNotCommittedOrSaysWhatIsInConflict) {
  Workshop workshop;
  workshop.deploy_flows({"a"});
  workshop.edit_in_console("a", "by hand");
  workshop.write_flow("a", "mine");
  PullOptions options = options_of(workshop);
  const Pulled result = pulled(workshop, options);
  EXPECT_EQ(text_of(result), "a conflict");
  EXPECT_FALSE(result.ok());
  ASSERT_TRUE(result.flows[0].conflict);
  ASSERT_EQ(result.flows[0].conflict->conflicts.size(), 1U);
  EXPECT_EQ(result.flows[0].conflict->conflicts[0].ours.string(), "mine");
  EXPECT_EQ(result.flows[0].conflict->conflicts[0].theirs.string(), "by hand");
  options.resolve = Resolve::ours;
  EXPECT_EQ(text_of(pulled(workshop, options)), "a unchanged");
  options.resolve = Resolve::theirs;
  EXPECT_EQ(text_of(pulled(workshop, options)), "a pulled");
  EXPECT_EQ(text_of(pulled(workshop, options_of(workshop))), "a unchanged");
}

TEST(Pull, LeavesAFlowAloneThatOnlyTheRepositoryRemoved) {
  Workshop workshop;
  workshop.deploy_flows({"a", "b"});
  workshop.files().remove("b.json");
  PullOptions options = options_of(workshop);
  for (const std::vector<std::string>& flows : {std::vector<std::string>(), {"b"}}) {
    for (const Resolve resolve : {Resolve::nothing, Resolve::ours, Resolve::theirs}) {
      options.flows = flows;
      options.resolve = resolve;
      EXPECT_EQ(text_of(pulled(workshop, options)), flows.empty() ? "a unchanged, b unchanged" : "b unchanged");
    }
  }
  EXPECT_EQ(workshop.files().git({"status", "--short"}), " D b.json");
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
