#include "git/git_fixture.hpp"

#include "base/process.hpp"

#include <cstdlib>
#include <fstream>
#include <stdexcept>

namespace flowship::git {

TemporaryDirectory::TemporaryDirectory() {
  std::string name = (std::filesystem::temp_directory_path() / "flowship test XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make a temporary directory");
  path_ = std::filesystem::canonical(name);
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

TestRepository::TestRepository(const std::vector<std::string>& init_arguments) {
  ::setenv("HOME", directory_.path().c_str(), 1);
  ::setenv("GIT_CONFIG_GLOBAL", "/dev/null", 1);
  ::setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
  ::unsetenv("XDG_CONFIG_HOME");
  path_ = directory_.path() / "repository";
  std::filesystem::create_directory(path_);
  std::vector<std::string> arguments{"init", "--quiet"};
  arguments.insert(arguments.end(), init_arguments.begin(), init_arguments.end());
  git(arguments);
}

void TestRepository::write(const std::string& file, std::string_view bytes) const {
  const std::filesystem::path place = path_ / file;
  std::filesystem::create_directories(place.parent_path());
  std::ofstream out(place, std::ios::binary | std::ios::trunc);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!out.flush()) throw std::runtime_error("cannot write " + place.string());
}

void TestRepository::remove(const std::string& file) const { std::filesystem::remove_all(path_ / file); }

std::string TestRepository::commit(const std::string& message) const {
  git({"add", "--all"});
  git({"commit", "--quiet", "--allow-empty", "--message", message});
  return git({"rev-parse", "HEAD"});
}

void TestRepository::make_conflict(const std::string& file) const {
  git({"checkout", "--quiet", "-b", "side"});
  write(file, "side");
  commit("side");
  git({"checkout", "--quiet", "main"});
  write(file, "main");
  commit("main");
  try {
    git({"merge", "side"});
  } catch (const std::runtime_error&) {
    return;
  }
  throw std::runtime_error(file + " is not in conflict");
}

std::string TestRepository::git(const std::vector<std::string>& arguments) const { return git_in(path_, arguments); }

std::string TestRepository::git_in(const std::filesystem::path& directory,
                                   const std::vector<std::string>& arguments) const {
  Command command{.arguments = {"git", "-c", "init.defaultBranch=main"},
                  .environment = {{"HOME", directory_.path().string()},
                                  {"LC_ALL", "C"},
                                  {"GIT_AUTHOR_NAME", "Author"},
                                  {"GIT_AUTHOR_EMAIL", "author@example.com"},
                                  {"GIT_AUTHOR_DATE", "2026-01-02T03:04:05Z"},
                                  {"GIT_COMMITTER_NAME", "Committer"},
                                  {"GIT_COMMITTER_EMAIL", "committer@example.com"},
                                  {"GIT_COMMITTER_DATE", "2026-01-02T03:04:05Z"}},
                  .directory = directory.string()};
  for (const char* name : {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"}) {
    command.environment[name] = std::nullopt;
  }
  command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
  const ProcessResult result = run(command);
  std::string output = result.output;
  if (result.status != 0) {
    std::string shown = "git";
    for (const std::string& argument : arguments) shown += " " + argument;
    throw std::runtime_error(shown + " failed: " + result.errors);
  }
  if (output.ends_with('\n')) output.pop_back();
  return output;
}

ScopedVariable::ScopedVariable(const char* name, const std::string& value) : name_(name) {
  const char* before = std::getenv(name);
  was_set_ = before != nullptr;
  if (was_set_) before_ = before;
  ::setenv(name, value.c_str(), 1);
}

ScopedVariable::~ScopedVariable() {
  if (was_set_) {
    ::setenv(name_.c_str(), before_.c_str(), 1);
  } else {
    ::unsetenv(name_.c_str());
  }
}

}  // namespace flowship::git
