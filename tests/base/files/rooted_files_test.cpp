#include "base/files/rooted_files.hpp"

#include "base/error.hpp"
#include "base/files/files.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <string>
#include <sys/stat.h>

namespace flowship {
namespace {

namespace fs = std::filesystem;

class RootedFiles : public testing::Test {
 protected:
  RootedFiles() {
    std::string name = testing::TempDir() + "/below-XXXXXX";
    root_ = fs::path(::mkdtemp(name.data()));
    fs::create_directory(root_ / "in");
    root_ /= "in";
  }
  ~RootedFiles() override { fs::remove_all(root_.parent_path()); }

  std::optional<std::string> text(const std::string& path) const { return read_file(root_ / path); }
  /// Everything below the root, for what must not be left behind.
  std::size_t entries() const {
    return static_cast<std::size_t>(std::distance(fs::recursive_directory_iterator(root_), {}));
  }

  Descriptor opened() const { return Descriptor(::open(root_.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)); }

  fs::path root_;
};

TEST_F(RootedFiles, CreateReplaceAndRemove) {
  change_files(root_, {{"a/b/c.json", "1"}, {"d.json", "2"}});
  EXPECT_EQ(text("a/b/c.json"), "1");
  ::chmod((root_ / "d.json").c_str(), 0600);
  change_files(root_, {{"a/b/c.json", std::nullopt}, {"d.json", "3"}, {"never/there.json", std::nullopt}});
  EXPECT_EQ(text("a/b/c.json"), std::nullopt);
  EXPECT_EQ(text("d.json"), "3");
  EXPECT_EQ(fs::status(root_ / "d.json").permissions(), fs::perms(0600));
  EXPECT_EQ(entries(), 3U);
}

TEST_F(RootedFiles, FollowNoLink) {
  write_file_atomically(root_.parent_path() / "outside.json", "untouched");
  fs::create_symlink("../outside.json", root_ / "file.json");
  fs::create_directory_symlink("..", root_ / "folder");
  EXPECT_THROW(change_files(root_, {{"a.json", "1"}, {"file.json", "2"}}), Error);
  EXPECT_THROW(change_files(root_, {{"a.json", "1"}, {"folder/outside.json", "2"}}), Error);
  EXPECT_THROW(change_files(root_, {{"folder/outside.json", std::nullopt}}), Error);
  EXPECT_THROW(open_below(opened(), "file.json"), Error);
  EXPECT_EQ(read_file(root_.parent_path() / "outside.json"), "untouched");
  EXPECT_EQ(entries(), 2U) << "nothing is left of what was prepared";
}

TEST_F(RootedFiles, NeverLeaveTheFolder) {
  for (const char* path : {"../x.json", "a/../../x.json", "/tmp/x.json", "a//b", "", ".", "a/"}) {
    EXPECT_THROW(change_files(root_, {{path, "1"}}), Error) << path;
    EXPECT_THROW(open_below(opened(), path), Error) << path;
  }
  EXPECT_FALSE(fs::exists(root_.parent_path() / "x.json"));
}

TEST_F(RootedFiles, ChangeNothingIfOneFileCannotBeWritten) {
  change_files(root_, {{"a.json", "1"}, {"z/file.json", "2"}});
  EXPECT_THROW(change_files(root_, {{"a.json", "new"}, {"z", "a folder is in its place"}}), Error);
  EXPECT_THROW(change_files(root_, {{"a.json", "new"}, {"z/file.json/below", "a file is on the way"}}), Error);
  EXPECT_EQ(text("a.json"), "1");
  EXPECT_EQ(entries(), 3U);
}

}  // namespace
}  // namespace flowship
