#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace flowship::git {

/// A folder that is gone when the test is over.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory();
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// A repository made by the real `git`, apart from everything that the machine's user has configured.
/// It sets this process's HOME and git configuration too, so that what is tested sees the same.
class TestRepository {
 public:
  /// Runs `git init`, with further arguments such as `--bare`.
  explicit TestRepository(const std::vector<std::string>& init_arguments = {});

  const std::filesystem::path& path() const { return path_; }
  /// A folder beside the repository, for clones and remotes; it goes with the repository.
  std::filesystem::path beside(const std::string& name) const { return directory_.path() / name; }
  /// Writes a file of the work tree, and the folders above it.
  void write(const std::string& file, std::string_view bytes) const;
  /// Removes a file or folder of the work tree.
  void remove(const std::string& file) const;
  /// Adds all there is and commits it; the full id.
  std::string commit(const std::string& message) const;
  /// Commits `file` on the branches `main` and `side`, with a text each, and leaves it in conflict.
  void make_conflict(const std::string& file) const;
  /// Output of `git -C path …` without the last newline; throws when git fails.
  std::string git(const std::vector<std::string>& arguments) const;
  /// The same in another folder.
  std::string git_in(const std::filesystem::path& directory, const std::vector<std::string>& arguments) const;

 private:
  TemporaryDirectory directory_;
  std::filesystem::path path_;
};

/// Sets a variable of the environment for the time of a test.
class ScopedVariable {
 public:
  ScopedVariable(const char* name, const std::string& value);
  ScopedVariable(const ScopedVariable&) = delete;
  ScopedVariable& operator=(const ScopedVariable&) = delete;
  ~ScopedVariable();

 private:
  std::string name_;
  std::string before_;
  bool was_set_;
};

}  // namespace flowship::git
