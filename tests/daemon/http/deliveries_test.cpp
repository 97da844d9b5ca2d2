#include "daemon/http/deliveries.hpp"

#include "base/error.hpp"
#include "base/files/files.hpp"
#include "git/git_fixture.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace flowship::daemon {
namespace {

class DeliveriesTest : public testing::Test {
 protected:
  std::size_t lines() const {
    const std::string text = read_file(folder.path() / "deliveries").value_or("");
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  }

  git::TemporaryDirectory folder;
};

TEST_F(DeliveriesTest, RepetitionsAreRecognised) {
  Deliveries deliveries(folder.path());
  EXPECT_TRUE(deliveries.remember("flows", "1"));
  EXPECT_FALSE(deliveries.remember("flows", "1"));
  EXPECT_TRUE(deliveries.remember("flows", "2"));
  EXPECT_TRUE(deliveries.remember("others", "1"));
}

TEST_F(DeliveriesTest, TheOldestAreForgottenFirst) {
  Deliveries deliveries(folder.path(), 2);
  for (const char* id : {"1", "2", "3"}) EXPECT_TRUE(deliveries.remember("flows", id));
  EXPECT_FALSE(deliveries.remember("flows", "2"));
  EXPECT_FALSE(deliveries.remember("flows", "3"));
  EXPECT_TRUE(deliveries.remember("flows", "1"));
  EXPECT_TRUE(deliveries.remember("flows", "2"));
}

TEST_F(DeliveriesTest, SurviveARestart) {
  for (const char* id : {"1", "2", "3"}) EXPECT_TRUE(Deliveries(folder.path(), 2).remember("flows", id));
  // As a write that was cut off leaves it.
  std::ofstream(folder.path() / "deliveries", std::ios::app) << "0123";
  Deliveries deliveries(folder.path(), 2);
  EXPECT_FALSE(deliveries.remember("flows", "2"));
  EXPECT_FALSE(deliveries.remember("flows", "3"));
  EXPECT_TRUE(deliveries.remember("flows", "1"));
}

TEST_F(DeliveriesTest, TheFileIsBounded) {
  Deliveries deliveries(folder.path(), 10);
  for (int id = 0; id < 1000; ++id) deliveries.remember("flows", std::to_string(id));
  EXPECT_LT(lines(), 20U);
  EXPECT_GE(lines(), 10U);
}

TEST_F(DeliveriesTest, NoLinkIsFollowed) {
  const std::filesystem::path precious = folder.path() / "precious";
  std::ofstream(precious) << "kept";
  Deliveries deliveries(folder.path());
  std::filesystem::remove(folder.path() / "deliveries");
  std::filesystem::create_symlink(precious, folder.path() / "deliveries");
  EXPECT_TRUE(deliveries.remember("flows", "1"));
  EXPECT_EQ(read_file(precious), "kept");
  EXPECT_THROW(Deliveries{folder.path()}, Error);
  EXPECT_EQ(read_file(precious), "kept");
}

}  // namespace
}  // namespace flowship::daemon
