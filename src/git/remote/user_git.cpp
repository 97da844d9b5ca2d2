#include "git/remote/user_git.hpp"

#include "base/error.hpp"
#include "base/text/printable.hpp"
#include "base/text/split.hpp"

#include <Poco/String.h>

#include <cstdlib>
#include <filesystem>

namespace flowship::git {

namespace {

/// The variables with which git's hooks name their repository (`git rev-parse --local-env-vars`, configuration aside).
const char* const kLocalVariables[] = {
    "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_OBJECT_DIRECTORY", "GIT_DIR",       "GIT_WORK_TREE",  "GIT_GRAFT_FILE",
    "GIT_IMPLICIT_WORK_TREE",           "GIT_INDEX_FILE",       "GIT_NAMESPACE", "GIT_COMMON_DIR", "GIT_PREFIX",
    "GIT_INTERNAL_SUPER_PREFIX",        "GIT_SHALLOW_FILE"};

/// git runs in another directory, so relative paths in the environment have to be made absolute.
void keep_absolute(Command& command, const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr || *value == '\0') return;
  command.environment[name] = std::filesystem::absolute(value).string();
}

/// git in the C locale, without prompts, and without a hook's variables.
Command plain_git(const GitRun& how) {
  Command command;
  command.time_limit = how.time_limit;
  command.group = how.group;
  if (how.stop != nullptr) command.stops.push_back(how.stop);
  command.input = how.input;
  command.environment = {{"LC_ALL", "C"},
                         {"GIT_TERMINAL_PROMPT", "0"},
                         {"GIT_OPTIONAL_LOCKS", "0"},
                         // libgit2 knows no replace refs either, and anyone who pushes can write them.
                         {"GIT_NO_REPLACE_OBJECTS", "1"}};
  for (const char* name : kLocalVariables) command.environment[name] = std::nullopt;
  for (const auto& [name, value] : how.environment) command.environment[name] = value;
  return command;
}

}  // namespace

ProcessResult run_git(const Repository& repository, const std::vector<std::string>& arguments, const GitRun& how) {
  Command command = plain_git(how);
  if (repository.git_stop() != nullptr) {
    command.group = Command::Group::own;
    command.stops.push_back(repository.git_stop());
  }
  for (const std::string& name : repository.withheld()) command.environment[name] = std::nullopt;
  if (repository.from_environment()) {
    keep_absolute(command, "GIT_INDEX_FILE");
    keep_absolute(command, "GIT_OBJECT_DIRECTORY");
    if (const char* alternates = std::getenv("GIT_ALTERNATE_OBJECT_DIRECTORIES")) {
      command.environment["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = alternates;
    }
  }
  command.arguments = {"git", "--git-dir=" + repository.git_directory().string()};
  if (!repository.is_bare()) {
    command.directory = repository.work_directory().string();
    command.arguments.push_back("--work-tree=" + command.directory);
  } else {
    command.directory = repository.git_directory().string();
  }
  command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
  return run(command);
}

ProcessResult run_git_in(const std::filesystem::path& git_directory, const std::vector<std::string>& arguments,
                         const GitRun& how) {
  Command command = plain_git(how);
  command.directory = git_directory.string();
  command.arguments = {"git", "--git-dir=" + command.directory};
  command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
  return run(command);
}

void refuse_in_quarantine(const std::string& doing) {
  if (std::getenv("GIT_QUARANTINE_PATH") == nullptr) return;
  throw Error(doing + ": a push is still in quarantine, and git forbids moving refs there",
              "deploy from post-receive, not from pre-receive or update");
}

std::string complaint(const ProcessResult& result) {
  std::string chosen;
  for (const std::string_view line : split(result.errors, '\n')) {
    if (line.starts_with("fatal: ") || line.starts_with("error: ") || line.starts_with("remote: ")) {
      chosen.append(chosen.empty() ? "" : "; ").append(line);
    }
  }
  if (chosen.empty()) chosen = Poco::trimRight(result.errors);
  if (chosen.empty()) chosen = "git exited with status " + std::to_string(result.status);
  return printable(chosen);
}

}  // namespace flowship::git
