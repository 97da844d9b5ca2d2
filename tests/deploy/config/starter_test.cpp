#include "deploy/config/starter.hpp"

#include "base/error.hpp"
#include "deploy/config/config.hpp"
#include "deploy/config/reference.hpp"

#include <gtest/gtest.h>

namespace flowship::deploy {
namespace {

TEST(Starter, IsWrittenAsPeopleWriteIt) {
  EXPECT_EQ(config_text({.flows = 1,
                         .sources = {"a/flows"},
                         .environment = "production",
                         .project_id = "P2x",
                         .branch = "main",
                         .remote = "origin"}),
            "{\n  \"$schema\": \"" + config_schema_address() + R"(",
  "sources": [
    "a/flows"
  ],
  "environments": {
    "production": {
      "projectId": "P2x",
      "branch": "main",
      "ledger": {
        "remote": "origin"
      }
    }
  }
}
)");
}

TEST(Starter, LeavesOutWhatIsNotKnown) {
  const Config config = parse_config(config_text({}), "flowship.json");
  EXPECT_TRUE(config.sources.empty());
  EXPECT_EQ(config.environment("production").ledger_remote, "");
}

TEST(Starter, RefusesWhatNoConfigurationCanSay) {
  EXPECT_THROW(config_text({.environment = "two words"}), Error);
  EXPECT_THROW(config_text({.project_id = "K2"}), Error);
}

}  // namespace
}  // namespace flowship::deploy
