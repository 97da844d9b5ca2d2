#include "flow/model/flow_id.hpp"

#include <gtest/gtest.h>

namespace flowship::flow {
namespace {

TEST(FlowId, AcceptsLettersDigitsDashAndUnderscore) {
  for (const char* text : {"sign-up", "A", "0", "_", "-", "sign_up-2FA"}) {
    const auto id = FlowId::from(text);
    ASSERT_TRUE(id) << text;
    EXPECT_EQ(id->text(), text);
  }
}

TEST(FlowId, RefusesUnsafeCharacters) {
  for (const char* text :
       {"", ".", "..", "../x", "a/b", "a b", "a.b", "a\nb", "a\\b", "caf\xc3\xa9", "a%2fb", "$(x)"}) {
    EXPECT_FALSE(FlowId::from(text)) << text;
  }
  EXPECT_FALSE(FlowId::from(std::string_view("a\0", 2)));
}

TEST(FlowId, AllowsAtMost128Letters) {
  EXPECT_TRUE(FlowId::from(std::string(128, 'a')));
  EXPECT_FALSE(FlowId::from(std::string(129, 'a')));
}

}  // namespace
}  // namespace flowship::flow
