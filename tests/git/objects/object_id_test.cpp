#include "git/objects/object_id.hpp"

#include <gtest/gtest.h>

namespace flowship::git {
namespace {

TEST(ObjectIds, ConvertFromAndToHex) {
  const std::string text = "0123456789abcdef0123456789abcdef01234567";
  EXPECT_EQ(ObjectId::from_hex(text)->hex(), text);
  EXPECT_EQ(ObjectId::from_hex("0123456789ABCDEF0123456789ABCDEF01234567")->hex(), text);
  EXPECT_EQ(ObjectId::from_hex(text)->abbreviated(), "01234567");
}

TEST(ObjectIds, RefuseInvalidHex) {
  EXPECT_FALSE(ObjectId::from_hex(""));
  EXPECT_FALSE(ObjectId::from_hex("0123456789abcdef0123456789abcdef0123456"));
  EXPECT_FALSE(ObjectId::from_hex("0123456789abcdef0123456789abcdef0123456g"));
}

TEST(ObjectIds, DefaultToZero) {
  EXPECT_TRUE(ObjectId().is_zero());
  EXPECT_FALSE(ObjectId::from_hex("0123456789abcdef0123456789abcdef01234567")->is_zero());
}

}  // namespace
}  // namespace flowship::git
