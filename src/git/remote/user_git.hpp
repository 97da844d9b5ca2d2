#pragma once

#include "base/process.hpp"
#include "git/repository.hpp"

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace flowship::git {

/// How to run git.
struct GitRun {
  std::optional<std::chrono::milliseconds> time_limit = {};
  /// For its standard input.
  std::string input = {};
  Command::Group group = Command::Group::shared;
  /// Ends it early; null: never.
  const StopSignal* stop = nullptr;
  /// More variables to set, or to remove where there is no value.
  std::map<std::string, std::optional<std::string>> environment = {};
};

/// Runs the user's own `git` on exactly this repository, in the C locale, without prompts, without a hook's
/// variables that name another repository, and without those that the repository withholds.
ProcessResult run_git(const Repository& repository, const std::vector<std::string>& arguments, const GitRun& how = {});

/// The same in a git directory, which must exist and need not be a repository yet.
ProcessResult run_git_in(const std::filesystem::path& git_directory, const std::vector<std::string>& arguments,
                         const GitRun& how = {});

/// Throws where a push is in quarantine, and moving a ref would corrupt the repository once the push is refused.
void refuse_in_quarantine(const std::string& doing);

/// Why git failed: the `fatal:`, `error:` and `remote:` lines of its errors, or all of them, in one line.
std::string complaint(const ProcessResult& result);

}  // namespace flowship::git
