#include "base/files/files.hpp"

#include "base/error.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sys/stat.h>
#include <thread>

namespace flowship {
namespace {

TEST(Files, WritesAndReadsAWholeFile) {
  const std::filesystem::path path = std::filesystem::path(testing::TempDir()) / "disk_test.bin";
  const std::string bytes("a\0b\n", 4);
  write_file_atomically(path, bytes);
  EXPECT_EQ(read_file(path), bytes);
  write_file_atomically(path, "");
  EXPECT_EQ(read_file(path), "");
  std::filesystem::remove(path);
}

TEST(Files, DistinguishesMissingFromUnreadable) {
  EXPECT_FALSE(read_file("/nonexistent/file"));
  EXPECT_THROW(read_file(testing::TempDir()), Error);
  EXPECT_THROW(write_file_atomically("/nonexistent/file", ""), Error);
}

/// A folder that is gone after the test.
class Folder {
 public:
  Folder() : path_(testing::TempDir() + "disk_test.XXXXXX") { ::mkdtemp(path_.data()); }
  ~Folder() { std::filesystem::remove_all(path_); }

  std::filesystem::path operator/(const std::string& name) const { return std::filesystem::path(path_) / name; }

 private:
  std::string path_;
};

TEST(Files, ReplacesTheTargetOfALink) {
  const Folder folder;
  std::filesystem::create_directory(folder / "sub");
  std::filesystem::create_symlink("sub/there", folder / "link");
  std::filesystem::create_symlink("link", folder / "second");
  for (const std::string bytes : {"new", "again"}) {
    write_file_atomically(folder / "second", bytes);
    EXPECT_EQ(read_file(folder / "sub/there"), bytes);
  }
  EXPECT_TRUE(std::filesystem::is_symlink(folder / "link"));
  EXPECT_TRUE(std::filesystem::is_symlink(folder / "second"));
}

TEST(Files, WritesDevicesAndPipesInPlace) {
  const Folder folder;
  const std::string pipe = folder / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  std::optional<std::string> heard;
  std::thread reader([&] {
    heard.emplace(std::istreambuf_iterator<char>(std::ifstream(pipe).rdbuf()), std::istreambuf_iterator<char>());
  });
  EXPECT_THROW(write_file_atomically(folder / "", ""), Error);
  write_file_atomically(pipe, "");
  write_file_atomically(pipe, "told");
  reader.join();
  EXPECT_EQ(heard, "told");
  EXPECT_TRUE(std::filesystem::is_fifo(pipe));
}

/// The message that reading a file ends with.
std::string refusal(const std::filesystem::path& path, const SizeLimit& limit = kFileLimit) {
  try {
    read_file(path, limit);
  } catch (const Error& error) {
    return error.message();
  }
  return {};
}

TEST(Files, ReadsRegularFilesAlone) {
  const Folder folder;
  // Nobody ever writes to it.
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  std::filesystem::create_symlink("pipe", folder / "link");
  for (const std::filesystem::path& path : {folder / "pipe", folder / "link", std::filesystem::path("/dev/zero")}) {
    EXPECT_NE(refusal(path).find("it is not a regular file"), std::string::npos) << path;
    EXPECT_THROW(expect_file(path), Error);
  }
}

TEST(Files, ReadsUpToTheLimit) {
  const Folder folder;
  constexpr SizeLimit kFour{4, "4 bytes", ""};
  write_file_atomically(folder / "file", "four");
  EXPECT_EQ(read_file(folder / "file", kFour), "four");
  write_file_atomically(folder / "file", "five!");
  EXPECT_NE(refusal(folder / "file", kFour).find("the limit is 4 bytes"), std::string::npos);
  std::filesystem::resize_file(folder / "file", std::uintmax_t{5} << 30U);
  EXPECT_NE(refusal(folder / "file").find("the limit is 64 MiB"), std::string::npos);
  // Its size is not known beforehand.
  EXPECT_NE(read_file("/proc/self/stat").value_or(""), "");
  EXPECT_NE(refusal("/proc/self/stat", kFour), "");
}

}  // namespace
}  // namespace flowship
