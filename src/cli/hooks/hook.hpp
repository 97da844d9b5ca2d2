#pragma once

#include "cli/command.hpp"
#include "git/repository.hpp"

#include <chrono>
#include <functional>
#include <iosfwd>
#include <span>
#include <string>
#include <string_view>

namespace flowship::cli {

/// A git hook that flowship provides.
struct Hook {
  std::string_view name;
  /// Whether it is for bare repositories, which are pushed to, or for clones: what `hook install` installs by default.
  bool for_bare;
  /// The script in hooks/.
  std::string_view script;
  ExitCode (*run)(const Invocation&);
};

std::span<const Hook> hooks();

// What the scripts run, with the arguments and the standard input from git.
ExitCode run_pre_commit(const Invocation& invocation);
ExitCode run_pre_push(const Invocation& invocation);
ExitCode run_pre_receive(const Invocation& invocation);
ExitCode run_post_receive(const Invocation& invocation);

/// Whether git's configuration (`flowship.daemon`) names a daemon that deploys pushes to the repository.
bool has_daemon(const git::Repository& repository);
/// Passes the input of post-receive to that daemon.
ExitCode notify_daemon(const Invocation& invocation, const git::Repository& repository, const std::string& input);

/// The background process of post-receive: deploys by `arguments` (`deploy ENVIRONMENT BRANCH`).
ExitCode run_deploy_of_push(const Invocation& invocation);

ExitCode run_hook_install(const Invocation& invocation);
ExitCode run_hook_uninstall(const Invocation& invocation);

/// Hooks look for `flowship` in PATH and in git's configuration `flowship.bin`. If neither has it, or the latter has
/// not in a bare repository, to which others push, sets the latter to this program, and returns a line that says so.
std::string let_hooks_find_program(const git::Repository& repository);
/// Removes that setting if it names this program, and returns a line that says so.
std::string forget_program(const git::Repository& repository);

/// Sets up `flowship merge` as git's merge driver `flowship`, which files with the attribute `merge=flowship` are
/// merged by. Returns a line that says so.
std::string install_merge_driver(const git::Repository& repository);
/// Removes it; nothing if it is not there.
std::string uninstall_merge_driver(const git::Repository& repository);
/// The line of .gitattributes for files of that pattern.
std::string merge_attribute(const std::string& pattern);

/// The repository that git runs the hook for, unless `--repo` names another.
git::Repository hook_repository(const Options& options);

/// All of standard input.
std::string hook_input();

}  // namespace flowship::cli
