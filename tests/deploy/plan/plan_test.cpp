#include "deploy/plan/plan.hpp"

#include "deploy/flows.hpp"

#include <gtest/gtest.h>

namespace flowship::deploy {
namespace {

TEST(Change, IsDescribedAndDigestedByItsFlows) {
  Change change;
  EXPECT_EQ(change.digest(), "");
  change.flow = small_flow("a", "new");
  EXPECT_TRUE(change.digest().starts_with("sha256:"));
  EXPECT_TRUE(change.description().empty()) << "there is nothing to compare with";
  change.before = small_flow("a", "old");
  EXPECT_EQ(change.description().size(), 1U);
}

TEST(LeftBehind, SaysWhyItIsNotDeleted) {
  LeftBehind flow;
  flow.removal.flow_id = "mfa";
  EXPECT_EQ(flow.sentence(), "`mfa` is left on the service; --prune deletes it");
  flow.why = LeftBehind::Why::used;
  flow.user = "sign-in";
  EXPECT_EQ(flow.sentence(), "`mfa` is not deleted: `sign-in` still uses it as a subflow");
  for (const auto why : {LeftBehind::Why::built_in, LeftBehind::Why::is_protected, LeftBehind::Why::too_many}) {
    flow.why = why;
    EXPECT_TRUE(flow.sentence().starts_with("`mfa` is not deleted: ")) << flow.sentence();
  }
}

TEST(PathsOf, AreThoseOfTheFiles) {
  flow::Source source;
  source.files = {{.path = "flows/a/contents.json", .id = {}}, {.path = "flows/a/metadata.json", .id = {}}};
  EXPECT_EQ(paths_of(source), (std::vector<std::string>{"flows/a/contents.json", "flows/a/metadata.json"}));
}

}  // namespace
}  // namespace flowship::deploy
