#include "json/number.hpp"

#include "json/compare.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace flowship::json {
namespace {

TEST(NormalNumber, IsTheSameForAllNotations) {
  const std::vector<std::pair<std::string, std::string>> samples = {
      {"0", "0"},
      {"-0", "0"},
      {"0.000", "0"},
      {"-0.0e99", "0"},
      {"0e-99999999999999999999999", "0"},
      {"1", "1"},
      {"1.0", "1"},
      {"10e-1", "1"},
      {"0.001e3", "1"},
      {"-1.50", "-15e-1"},
      {"1.5", "15e-1"},
      {"100", "1e2"},
      {"1e2", "1e2"},
      {"1E+02", "1e2"},
      {"1e-0", "1"},
      {"1e400", "1e400"},
      {"10e399", "1e400"},
      {"0.1e401", "1e400"},
      {"1.2e-400", "12e-401"},
      {"123456789012345678901234567890", "12345678901234567890123456789e1"},
      {"1e99999999999999999999999999", "1e99999999999999999999999999"},
      {"10e99999999999999999999999999", "1e100000000000000000000000000"},
      {"0.1e100000000000000000000000000", "1e99999999999999999999999999"},
      {"100e-100000000000000000000000000", "1e-99999999999999999999999998"},
      {"1000e-1", "1e2"},
      {"0.001e1", "1e-2"},
  };
  for (const auto& [text, normal] : samples) {
    EXPECT_EQ(normal_number(text), normal) << text;
    EXPECT_EQ(normal_number(normal), normal);
  }
}

TEST(SameNumber, IsExact) {
  EXPECT_TRUE(same_number("1e400", "10e399"));
  EXPECT_TRUE(same_number("-0", "0"));
  EXPECT_TRUE(same_number("1.0", "1"));
  EXPECT_TRUE(same_number("123456789012345678901234567890", "1.23456789012345678901234567890e29"));
  EXPECT_TRUE(same_number("1e18446744073709551616", "10e18446744073709551615"));
  EXPECT_FALSE(same_number("123456789012345678901234567890", "123456789012345678901234567891"));
  EXPECT_FALSE(same_number("0.1", "0.1000000000000000055511151231257827"));
  EXPECT_FALSE(same_number("9007199254740993", "9007199254740992"));
  EXPECT_FALSE(same_number("1e400", "1e401"));
  EXPECT_FALSE(same_number("1e400", "-1e400"));
  EXPECT_FALSE(same_number("1e18446744073709551616", "1"));
  EXPECT_FALSE(same_number("1e-400", "0"));
}

}  // namespace
}  // namespace flowship::json
