#include "deploy/ledger/recorder.hpp"

#include "deploy/workshop.hpp"

#include <gtest/gtest.h>

namespace flowship::deploy {
namespace {

class RecorderTest : public testing::Test {
 protected:
  RecorderTest() { workshop_.write_flow("a", "A"); }

  std::optional<LedgerEntry> head() const { return ledger_.head(); }

  Workshop workshop_;
  git::Repository repository_ = git::Repository::open(workshop_.files().path());
  Ledger ledger_{repository_, default_config().environment("")};
};

TEST_F(RecorderTest, RecordsTheSubjectAndAuthorOfTheTarget) {
  workshop_.files().commit("Ask for a code\n\nThe long story.");
  workshop_.deploy();
  const Record record = workshop_.record();
  EXPECT_EQ(record.target, workshop_.files().git({"rev-parse", "HEAD"}));
  EXPECT_EQ(record.subject, "Ask for a code");
  EXPECT_EQ(record.author, workshop_.files().git({"log", "-1", "--format=%an <%ae>"}));
  EXPECT_EQ(record.kind, DeploymentKind::deploy);
  EXPECT_EQ(record.total, 1);
}

TEST_F(RecorderTest, CutsALongSubjectBetweenCharacters) {
  std::string subject;
  for (int number = 0; number < 150; ++number) subject += "ö";
  workshop_.files().commit("x" + subject);
  workshop_.deploy();
  EXPECT_EQ(workshop_.record().subject, "x" + subject.substr(0, 198) + "…");
}

TEST_F(RecorderTest, RecordsNoSecretOfAMessageOrAName) {
  const std::string key = "K2AbCdEfGhIjKlMnOpQrStUvWxYz";
  workshop_.files().git({"config", "user.name", "Ada " + key});
  workshop_.files().git({"config", "user.email", "ada@example.com"});
  workshop_.files().commit("Rotate " + key + " at https://user:hunter2hunter2@example.com");
  workshop_.deploy();
  const Record record = workshop_.record();
  EXPECT_EQ(record.subject.find("Rotate "), 0U) << record.subject;
  const std::string entry = workshop_.files().git({"cat-file", "-p", "refs/flowship/default"}) + to_json(record);
  EXPECT_EQ(entry.find(key), std::string::npos) << entry;
  EXPECT_EQ(entry.find("hunter2"), std::string::npos) << entry;
}

TEST_F(RecorderTest, RecordsWhatEachFlowWasSentAs) {
  workshop_.commit();
  workshop_.deploy();
  const std::vector<FlowResult> flows = ledger_.flows(*head());
  ASSERT_EQ(flows.size(), 1U);
  EXPECT_EQ(flows[0].flow_id, "a");
  EXPECT_EQ(flows[0].outcome, FlowOutcome::deployed);
  EXPECT_TRUE(flows[0].payload.starts_with("sha256:"));
  EXPECT_TRUE(flows[0].absent);
  EXPECT_EQ(flows[0].paths, std::vector<std::string>{"a.json"});
  EXPECT_TRUE(ledger_.after(*head(), "a"));
  EXPECT_FALSE(ledger_.before(*head(), "a"));
}

TEST_F(RecorderTest, KeepsWhatAFlowReplaced) {
  workshop_.commit();
  workshop_.deploy();
  workshop_.write_flow("a", "New");
  workshop_.commit();
  workshop_.deploy();
  const std::optional<KeptExport> before = ledger_.before(*head(), "a");
  ASSERT_TRUE(before);
  EXPECT_EQ(flow::find(before->flow().metadata, "name")->value.string(), "A");
}

TEST_F(RecorderTest, AppendsNothingWhereNothingMoved) {
  workshop_.commit();
  workshop_.deploy();
  Workspace workspace(repository_, git::Revision::of_commit(repository_, repository_.commit("HEAD")), {}, "");
  const Recorder recorder(workspace, head(), "P2test", workshop_.clock());
  EXPECT_FALSE(recorder.move_on({}));
}

TEST_F(RecorderTest, MovesOnToFilesThatDifferInFormAlone) {
  workshop_.commit();
  workshop_.deploy();
  const std::string text = workshop_.files().git({"show", "HEAD:a.json"});
  workshop_.files().write("a.json", text + "\n\n\n");
  workshop_.commit();
  EXPECT_EQ(outcomes(workshop_.deploy()), "");
  EXPECT_EQ(workshop_.files().git({"rev-parse", "refs/flowship/default:deployed/a.json"}),
            workshop_.files().git({"rev-parse", "HEAD:a.json"}));
  EXPECT_TRUE(ledger_.flows(*head()).empty());
  EXPECT_EQ(workshop_.record().total, 1);
}

TEST_F(RecorderTest, RecordsAPromotionAndARollbackAsSuch) {
  workshop_.commit();
  workshop_.deploy();
  Workspace workspace(repository_, git::Revision::of_commit(repository_, repository_.commit("HEAD")), {}, "");
  EXPECT_EQ(workspace.kind, DeploymentKind::deploy);
  workspace.use_deployed(*head(), Workspace::Overrides::of_environment);
  EXPECT_EQ(workspace.kind, DeploymentKind::promote);
  workspace.use_deployed(*head(), Workspace::Overrides::of_entry);
  EXPECT_EQ(workspace.kind, DeploymentKind::rollback);
}

}  // namespace
}  // namespace flowship::deploy
