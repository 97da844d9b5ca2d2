#include "base/files/path.hpp"

#include <gtest/gtest.h>

namespace flowship {
namespace {

TEST(Path, HasAFolderAndAName) {
  EXPECT_EQ(folder_of("a/b/c.json"), "a/b");
  EXPECT_EQ(name_of("a/b/c.json"), "c.json");
}

TEST(Path, AtTheRootHasNoFolder) {
  EXPECT_EQ(folder_of("c.json"), "");
  EXPECT_EQ(name_of("c.json"), "c.json");
  EXPECT_EQ(folder_of(folder_of("a/c.json")), "");
}

}  // namespace
}  // namespace flowship
