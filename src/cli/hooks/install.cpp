#include "base/error.hpp"
#include "base/text/did_you_mean.hpp"
#include "base/text/printable.hpp"
#include "cli/hooks/hook.hpp"
#include "cli/run.hpp"
#include "cli/workspace.hpp"
#include "git/remote/hook_folder.hpp"

#include <ostream>
#include <vector>

namespace flowship::cli {

namespace {

std::string_view past_tense(git::HookChange change) {
  switch (change) {
    case git::HookChange::installed:
      return "installed";
    case git::HookChange::updated:
      return "updated";
    case git::HookChange::unchanged:
      return "already installed:";
    case git::HookChange::removed:
      return "removed";
    case git::HookChange::restored:
      return "removed, and restored the previous hook:";
    case git::HookChange::absent:
      return "not installed:";
  }
  return {};
}

const Hook& hook_of(const std::string& name) {
  std::vector<std::string> names;
  for (const Hook& hook : hooks()) {
    if (hook.name == name) return hook;
    names.emplace_back(hook.name);
  }
  throw usage_error("unknown hook `" + printable(name) + "`", did_you_mean(name, names));
}

/// The hooks named after `install` or `uninstall`.
std::vector<const Hook*> named_hooks(const Options& options) {
  std::vector<const Hook*> named;
  for (std::size_t at = 1; at < options.arguments.size(); ++at) named.push_back(&hook_of(options.arguments[at]));
  return named;
}

std::string line(git::HookChange change, const std::filesystem::path& file) {
  return std::string(past_tense(change)) + " " + printable(file.string()) + "\n";
}

report::Note note_of(const std::string& lines, const Invocation& invocation) {
  return {"message", lines, invocation.style.quiet ? std::string() : lines};
}

}  // namespace

ExitCode run_hook_install(const Invocation& invocation) {
  const Options& options = invocation.options;
  const auto write = writer(invocation, &report::Format::note);
  const git::Repository repository = open_repository(options);
  std::vector<const Hook*> chosen = named_hooks(options);
  if (chosen.empty()) {
    for (const Hook& hook : hooks()) {
      if (hook.for_bare == repository.is_bare()) chosen.push_back(&hook);
    }
  }
  const git::HookFolder folder(repository);
  const git::OtherHook other = options.chain ? git::OtherHook::keep : git::OtherHook::refuse;
  // All or nothing: checked before anything is installed.
  for (const Hook* hook : chosen) folder.expect_room(std::string(hook->name), other);
  std::string lines;
  for (const Hook* hook : chosen) {
    const std::string name(hook->name);
    lines += line(folder.install(name, hook->script, other), folder.file(name));
  }
  lines += let_hooks_find_program(repository);
  if (!repository.is_bare()) lines += install_merge_driver(repository);
  invocation.out << write(note_of(lines, invocation), invocation.style);
  return ExitCode::done;
}

ExitCode run_hook_uninstall(const Invocation& invocation) {
  const Options& options = invocation.options;
  const auto write = writer(invocation, &report::Format::note);
  const git::Repository repository = open_repository(options);
  const git::HookFolder folder(repository);
  std::string lines;
  for (const Hook* hook : named_hooks(options)) {
    const std::string name(hook->name);
    lines += line(folder.uninstall(name), folder.file(name));
  }
  const bool all = options.arguments.size() == 1;
  for (const Hook& hook : hooks()) {
    const std::string name(hook.name);
    if (all && folder.is_own(name)) lines += line(folder.uninstall(name), folder.file(name));
  }
  if (all) lines += forget_program(repository) + uninstall_merge_driver(repository);
  invocation.out << write(note_of(lines, invocation), invocation.style);
  return ExitCode::done;
}

}  // namespace flowship::cli
