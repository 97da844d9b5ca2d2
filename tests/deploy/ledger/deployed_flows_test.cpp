#include "deploy/ledger/deployed_flows.hpp"

#include "deploy/workshop.hpp"
#include "flow/compare/compare.hpp"

#include <gtest/gtest.h>

namespace flowship::deploy {
namespace {

class DeployedFlowsTest : public testing::Test {
 protected:
  DeployedFlowsTest() {
    workshop_.write_flow("a", "A");
    workshop_.write_flow("b", "B");
    workshop_.commit();
    workshop_.deploy();
    head_ = ledger_.head();
  }

  flow::Reading read(const std::vector<std::string>& paths = {}) const {
    return flows_in(repository_, ledger_.deployed(*head_), paths);
  }

  static Record with_name(const std::string& text) {
    Record record;
    record.overrides.set["a"]["/metadata/name"] = text;
    return record;
  }

  Workshop workshop_;
  git::Repository repository_ = git::Repository::open(workshop_.files().path());
  Ledger ledger_{repository_, default_config().environment("")};
  std::optional<LedgerEntry> head_;
};

TEST_F(DeployedFlowsTest, ReadsEverythingThatIsDeployed) {
  EXPECT_EQ(read().flows.size(), 2U);
  EXPECT_EQ(deployed_flows(repository_, ledger_, *head_).size(), 2U);
  EXPECT_TRUE(flows_in(repository_, {}).flows.empty());
}

TEST_F(DeployedFlowsTest, ReadsOnlyTheGivenFiles) {
  const flow::Reading reading = read({"b.json"});
  EXPECT_NE(find_flow(reading, "b"), nullptr);
  EXPECT_EQ(find_flow(reading, "a"), nullptr);
}

TEST_F(DeployedFlowsTest, AppliesTheOverridesOfTheRecord) {
  const flow::Reading reading = read();
  const flow::Flow& source = *find_flow(reading, "a");
  const std::optional<flow::Flow> sent = as_sent(source, with_name(R"("Sent")"));
  ASSERT_TRUE(sent);
  EXPECT_EQ(flow::find(sent->metadata, "name")->value.string(), "Sent");
}

TEST_F(DeployedFlowsTest, TakesTheDigestOfAnUnsettledFlowForWhatWasSent) {
  const flow::Reading reading = read();
  const flow::Flow& source = *find_flow(reading, "a");
  Record record = with_name(R"("Sent")");
  record.unsettled["a"].payload = flow::digest(source);
  EXPECT_TRUE(flow::same(*as_sent(source, record), source)) << "it was sent without overrides";
  record.unsettled["a"].payload = "sha256:other";
  EXPECT_FALSE(as_sent(source, record));
}

TEST_F(DeployedFlowsTest, DoesNotKnowWhatOverridesThatDoNotFitMadeOfAFlow) {
  const flow::Reading reading = read();
  Record record;
  record.overrides.set["a"]["/contents/tasks/none/name"] = R"("x")";
  EXPECT_FALSE(as_sent(*find_flow(reading, "a"), record));
}

TEST_F(DeployedFlowsTest, NotesThatAFlowWasSentWithoutOverrides) {
  const flow::Reading reading = read();
  const flow::Flow& source = *find_flow(reading, "a");
  Record record = with_name(R"("Sent")");
  note_exact(record, source, flow::digest(to_send(source, record.overrides, {})));
  EXPECT_TRUE(record.unsettled.empty()) << "the overrides of the record say how it was sent";
  note_exact(record, source, flow::digest(source));
  ASSERT_TRUE(record.unsettled.contains("a"));
  EXPECT_EQ(record.unsettled["a"].payload, flow::digest(source));
  EXPECT_EQ(record.unsettled["a"].paths, std::vector<std::string>{"a.json"});
}

}  // namespace
}  // namespace flowship::deploy
