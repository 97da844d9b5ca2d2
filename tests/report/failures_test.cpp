#include "report/failures.hpp"

#include "report/samples.hpp"

#include <gtest/gtest.h>

#include <string>

namespace flowship::report {
namespace {

TEST(Failures, AreNothingWhereAllIsWell) {
  EXPECT_FALSE(failure_of(std::vector<check::Finding>()));
  EXPECT_FALSE(failure_of(samples::empty_plan()));
  EXPECT_FALSE(failure_of(samples::empty_deployment()));
  EXPECT_FALSE(failure_of(samples::empty_status()));
  EXPECT_FALSE(failure_of(deploy::Pulled{}));
  EXPECT_FALSE(failure_of(FileMerge{}));
}

TEST(Failures, NameTheFlowsThatWereNotDeployed) {
  deploy::Deployment deployment = samples::empty_deployment();
  for (const char* id : {"a", "b", "c", "d", "e", "f", "g"}) {
    deployment.flows.push_back({.flow_id = id, .outcome = deploy::FlowOutcome::failed});
  }
  const std::optional<Error> failure = failure_of(deployment);
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->message(), "not deployed: `a`, `b`, `c`, `d`, `e` and 2 more");
  EXPECT_NE(failure->hint().find("again to send only what is missing"), std::string::npos) << failure->hint();
  deployment.credentials_refused = true;
  EXPECT_EQ(failure_of(deployment)->message(), "the service refused the key");
}

TEST(Failures, SayOfAFlowThatTheServiceChangedWhatKeepsOrDiscardsThat) {
  deploy::Deployment deployment = samples::empty_deployment();
  deployment.drifted = true;
  deployment.flows.push_back(
      {.flow_id = "a", .outcome = deploy::FlowOutcome::drifted, .hint = "keep the console edit: `flowship pull a`"});
  EXPECT_EQ(failure_of(deployment)->hint(), "keep the console edit: `flowship pull a`");
}

TEST(Failures, NameTheFlowsThatTheServiceCouldNotBeAskedAbout) {
  deploy::Status status = samples::empty_status();
  status.flows.push_back({.flow_id = "a", .state = deploy::FlowState::unknown});
  EXPECT_EQ(failure_of(status)->message(), "the service could not be asked about 1 flow: `a`");
  deploy::Plan plan = samples::empty_plan();
  plan.drift.emplace();
  deploy::Drift& unknown = plan.drift->emplace_back();
  unknown.flow_id = "a";
  unknown.match = deploy::LiveMatch::unknown;
  EXPECT_EQ(failure_of(plan)->message(), "the service could not be asked about 1 flow: `a`");
}

TEST(Failures, AreThoseThatAPlanIsRefusedFor) {
  deploy::Plan plan = samples::empty_plan();
  plan.refusal = Error("`a` would be deleted", "keep one spelling");
  EXPECT_EQ(failure_of(plan)->message(), "`a` would be deleted");
}

TEST(Failures, NameFlowsAndFilesInConflict) {
  deploy::Pulled pulled;
  deploy::PulledFlow& flow = pulled.flows.emplace_back();
  flow.flow_id = "a";
  flow.outcome = deploy::PullOutcome::conflict;
  EXPECT_EQ(failure_of(pulled)->message(), "not pulled: `a`");
  EXPECT_EQ(failure_of(FileMerge{.path = "a.json", .is_clean = false, .conflicts = {}, .new_ids = {}})->message(),
            "merge conflicts in a.json");
}

}  // namespace
}  // namespace flowship::report
