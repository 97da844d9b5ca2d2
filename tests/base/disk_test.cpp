#include "base/disk.hpp"

#include "base/error.hpp"

#include <gtest/gtest.h>

namespace flowship {
namespace {

TEST(Disk, WritesAndReadsAWholeFile) {
  const std::filesystem::path path = std::filesystem::path(testing::TempDir()) / "disk_test.bin";
  const std::string bytes("a\0b\n", 4);
  write_file_atomically(path, bytes);
  EXPECT_EQ(read_file(path), bytes);
  write_file_atomically(path, "");
  EXPECT_EQ(read_file(path), "");
  std::filesystem::remove(path);
}

TEST(Disk, TellsAMissingFileFromAnUnreadableOne) {
  EXPECT_FALSE(read_file("/nonexistent/file"));
  EXPECT_THROW(read_file(testing::TempDir()), Error);
  EXPECT_THROW(write_file_atomically("/nonexistent/file", ""), Error);
}

}  // namespace
}  // namespace flowship
