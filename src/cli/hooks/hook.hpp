#pragma once

#include "cli/command.hpp"
#include "git/repository.hpp"

#include <span>
#include <string>
#include <string_view>

namespace flowship::cli {

/// A hook of git that flowship has something to do in.
struct Hook {
  std::string_view name;
  /// Where `hook install` puts it when no name is given: repositories that are pushed to, or that are worked in.
  bool for_bare;
  /// The script in hooks/, as it was when the program was built.
  std::string_view script;
  ExitCode (*run)(const Invocation&);
};

std::span<const Hook> hooks();

/// What the scripts call, each with the arguments and the standard input that git gives.
ExitCode run_pre_commit(const Invocation& invocation);
ExitCode run_pre_push(const Invocation& invocation);
ExitCode run_pre_receive(const Invocation& invocation);
ExitCode run_post_receive(const Invocation& invocation);

/// Whether the repository's git configuration (`flowship.daemon`) names a daemon that deploys what is pushed.
bool has_daemon(const git::Repository& repository);
/// Hands what git gave post-receive to that daemon.
ExitCode tell_daemon(const Invocation& invocation, const git::Repository& repository, const std::string& input);

/// What post-receive leaves behind to work: deploys `arguments` (`deploy ENVIRONMENT BRANCH`).
ExitCode run_deploy_of_push(const Invocation& invocation);

ExitCode run_hook_install(const Invocation& invocation);
ExitCode run_hook_uninstall(const Invocation& invocation);

/// Hooks look for `flowship` in PATH, and else in the git configuration `flowship.bin`: where neither has it, this very
/// program is set there, which the returned line tells.
std::string let_hooks_find_program(const git::Repository& repository);

/// The repository that git runs the hook for; another one only when `--repo` names it.
git::Repository hook_repository(const Options& options);

/// All of standard input.
std::string hook_input();

}  // namespace flowship::cli
