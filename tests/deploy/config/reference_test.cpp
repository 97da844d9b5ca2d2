#include "deploy/config/reference.hpp"

#include "base/error.hpp"
#include "deploy/config/config.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace flowship::deploy {
namespace {

TEST(ConfigReference, HasEveryMemberThatIsRead) {
  std::vector<std::string> read = known_config_members();
  std::vector<std::string> described;
  for (const ConfigMember& member : config_members()) described.emplace_back(member.path);
  std::sort(read.begin(), read.end());
  std::sort(described.begin(), described.end());
  EXPECT_EQ(described, read);
}

TEST(ConfigReference, SaysWhereAMisplacedMemberBelongs) {
  EXPECT_EQ(right_place("remote", false), "it belongs at `environments.<name>.ledger.remote`");
  EXPECT_EQ(right_place("sources", false), "it belongs at `sources` or `environments.<name>.sources`");
  EXPECT_EQ(right_place("reason", false), "it belongs at `ignore[].reason`");
  EXPECT_EQ(right_place("onDirft", true), "did you mean `onDrift`? it belongs at `environments.<name>.onDrift`");
  EXPECT_EQ(right_place("onDirft", false), "");
  EXPECT_EQ(right_place("colour", false), "");
}

TEST(ConfigReference, MisplacedMembersNameTheirRightPlace) {
  for (const auto& [text, place] : {
           std::pair{R"({"onDrift": "skip"})", "environments.<name>.onDrift"},
           std::pair{R"({"environments": {"a": {"remote": "origin"}}})", "environments.<name>.ledger.remote"},
           std::pair{R"({"environments": {"a": {"rules": {}}}})", "`rules`"},
           std::pair{R"({"environments": {"a": {"ledger": {"branch": "main"}}}})", "environments.<name>.branch"},
       }) {
    try {
      parse_config(text, "flowship.json");
      ADD_FAILURE() << "accepted: " << text;
    } catch (const Error& error) {
      EXPECT_NE(error.hint().find(place), std::string::npos) << error.hint();
    }
  }
}

}  // namespace
}  // namespace flowship::deploy
