#include "git/merge_file.hpp"

#include "base/files/files.hpp"
#include "base/files/temporary_folder.hpp"
#include "base/process.hpp"

namespace flowship::git {

namespace {

/// Above these, git means an error and not a number of conflicts.
constexpr int kMostConflicts = 127;

}  // namespace

LineMerged merge_lines(const LineMerge& versions) {
  const TemporaryFolder folder("flowship-merge");
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
