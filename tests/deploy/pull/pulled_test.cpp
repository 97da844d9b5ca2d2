#include "deploy/pull/pulled.hpp"

#include <gtest/gtest.h>

namespace flowship::deploy {
namespace {

TEST(Pulled, IsOkUnlessAFlowFailed) {
  Pulled pulled;
  EXPECT_TRUE(pulled.ok());
  for (const PullOutcome outcome : {PullOutcome::pulled, PullOutcome::unchanged, PullOutcome::failed}) {
    pulled.flows.push_back({.flow_id = "a", .outcome = outcome, .paths = {}, .error = {}});
    EXPECT_EQ(pulled.ok(), outcome != PullOutcome::failed) << to_text(outcome);
  }
}

}  // namespace
}  // namespace flowship::deploy
