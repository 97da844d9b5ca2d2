#include "cli/hooks/hook.hpp"

#include "base/error.hpp"
#include "base/text/did_you_mean.hpp"
#include "base/text/printable.hpp"
#include "cli/run.hpp"
#include "cli/scripts.hpp"
#include "cli/workspace.hpp"

#include <iostream>
#include <iterator>
#include <vector>

namespace flowship::cli {

std::span<const Hook> hooks() {
  // Initialised at the first call: the scripts are constants of another file.
  static const Hook kHooks[] = {
      {"pre-commit", false, kPreCommitScript, run_pre_commit},
      {"pre-push", false, kPrePushScript, run_pre_push},
      {"pre-receive", true, kPreReceiveScript, run_pre_receive},
      {"post-receive", true, kPostReceiveScript, run_post_receive},
  };
  return kHooks;
}

git::Repository hook_repository(const Options& options) {
  return options.repository == "." ? git::Repository::open_from_environment() : open_repository(options);
}

std::string hook_input() { return {std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()}; }

ExitCode run_hook(const Invocation& invocation) {
  const std::vector<std::string>& arguments = invocation.options.arguments;
  const std::string& name = arguments.front();
  if (name == "install") return run_hook_install(invocation);
  if (name == "uninstall") return run_hook_uninstall(invocation);
  if (name == "deploy") return run_deploy_of_push(invocation);
  std::vector<std::string> names{"install", "uninstall"};
  for (const Hook& hook : hooks()) {
    if (hook.name == name) return hook.run(invocation);
    names.emplace_back(hook.name);
  }
  throw usage_error("unknown hook `" + printable(name) + "`", did_you_mean(name, names));
}

}  // namespace flowship::cli
