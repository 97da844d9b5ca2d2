#include "git/merge_file.hpp"

#include "base/error.hpp"
#include "base/files/files.hpp"
#include "base/process.hpp"

#include <cstdlib>
#include <filesystem>

namespace flowship::git {

namespace {

/// A folder of this process's own, removed in the end.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "flowship-merge-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw Error("cannot create a temporary folder for git merge-file");
    path_ = pattern;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// Above these, git means an error and not a number of conflicts.
constexpr int kMostConflicts = 127;

}  // namespace

LineMerged merge_lines(const LineMerge& versions) {
  const TemporaryFolder folder;
  const auto put = [&](const char* name, const std::string& text) {
    write_file_atomically(folder.path() / name, text);
    return (folder.path() / name).string();
  };
  const std::string ours = put("ours", versions.ours);
  const std::string base = put("base", versions.base);
  const std::string theirs = put("theirs", versions.theirs);
  const ProcessResult done = run({.arguments = {"git", "merge-file", "--stdout", "--quiet",
                                                "--marker-size=" + std::to_string(versions.marker_size), "-L", "ours",
                                                "-L", "base", "-L", "theirs", ours, base, theirs},
                                  .environment = {{"LC_ALL", "C"}}});
  if (done.status > kMostConflicts) return {versions.ours, false};
  return {done.output, done.status == 0};
}

}  // namespace flowship::git
