#include "daemon/http/deliveries.hpp"

#include <gtest/gtest.h>

namespace flowship::daemon {
namespace {

TEST(Deliveries, RecogniseRepetitions) {
  Deliveries deliveries;
  EXPECT_TRUE(deliveries.remember("flows", "1"));
  EXPECT_FALSE(deliveries.remember("flows", "1"));
  EXPECT_TRUE(deliveries.remember("flows", "2"));
  EXPECT_TRUE(deliveries.remember("others", "1"));
}

TEST(Deliveries, ForgetTheOldestFirst) {
  Deliveries deliveries(2);
  for (const char* id : {"1", "2", "3"}) EXPECT_TRUE(deliveries.remember("flows", id));
  EXPECT_FALSE(deliveries.remember("flows", "2"));
  EXPECT_FALSE(deliveries.remember("flows", "3"));
  EXPECT_TRUE(deliveries.remember("flows", "1"));
  EXPECT_TRUE(deliveries.remember("flows", "2"));
}

}  // namespace
}  // namespace flowship::daemon
