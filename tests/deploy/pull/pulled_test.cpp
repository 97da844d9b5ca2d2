#include "deploy/pull/pulled.hpp"

#include <gtest/gtest.h>

namespace flowship::deploy {
namespace {

TEST(Pulled, IsOkUnlessAFlowFailedOrIsInConflict) {
  Pulled pulled;
  EXPECT_TRUE(pulled.ok());
  for (const PullOutcome outcome : {PullOutcome::pulled, PullOutcome::removed, PullOutcome::unchanged,
                                    PullOutcome::conflict, PullOutcome::failed}) {
    pulled.flows = {{.flow_id = "a", .outcome = outcome, .paths = {}, .error = {}, .new_ids = {}, .conflict = {}}};
    EXPECT_EQ(pulled.ok(), outcome != PullOutcome::conflict && outcome != PullOutcome::failed) << to_text(outcome);
  }
}

}  // namespace
}  // namespace flowship::deploy
