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

/// How git is run: how long it may take, and what ends it.
struct GitRun {
  std::optional<std::chrono::milliseconds> time_limit = {};
  Command::GroupSignals group_signals = Command::GroupSignals::end;
  /// Ends it early; null for never.
  const StopSignal* stop = nullptr;
  /// Set (or, without a value, removed) besides.
  std::map<std::string, std::optional<std::string>> environment = {};
};

/// Runs the user's own `git` on exactly this repository, in the C locale and without ever asking on a terminal.
/// What a hook's environment says of another repository does not reach it.
ProcessResult run_git(const Repository& repository, const std::vector<std::string>& arguments, const GitRun& how = {});

/// The same for a git directory by its folder alone, which has to be there and need not be a repository yet.
ProcessResult run_git_in(const std::filesystem::path& git_directory, const std::vector<std::string>& arguments,
                         const GitRun& how = {});

/// What git itself says was wrong: the `fatal:` and `error:` lines of its errors, or all of them, in one line.
std::string complaint(const ProcessResult& result);

}  // namespace flowship::git
