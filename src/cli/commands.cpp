#include "cli/command.hpp"
#include "cli/run.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace flowship::cli {

namespace {

constexpr std::string_view kNone[] = {""};

/// How the service is reached.
constexpr std::string_view kReaching[] = {"--base-url", "--key-file",        "--ca-file",        "--concurrency",
                                          "--max-wait", "--connect-timeout", "--request-timeout"};
/// What everything that sends takes besides.
constexpr std::string_view kSending[] = {"--on-drift", "--prune",       "--max-deletes",  "--no-read-back",
                                         "--atomic",   "--git-timeout", "--lock-timeout", "--report"};

/// Lists of options as one.
template <std::size_t... Sizes>
constexpr auto joined(const std::string_view (&... lists)[Sizes]) {
  std::array<std::string_view, (Sizes + ...)> all{};
  auto end = all.begin();
  ((end = std::copy(std::begin(lists), std::end(lists), end)), ...);
  return all;
}

constexpr std::string_view kInit[] = {"--yes", "--report"};
constexpr std::string_view kValidate[] = {"--staged", "--rev", "--report"};
constexpr std::string_view kPlanOwn[] = {"--env",       "--rev",       "--staged",      "--worktree", "--record",
                                         "--to-before", "--prune",     "--max-deletes", "--on-drift", "--check-drift",
                                         "--out",       "--exit-code", "--report"};
constexpr auto kPlan = joined(kPlanOwn, kReaching);
constexpr std::string_view kDiff[] = {"--staged", "--exit-code", "--out", "--report"};
constexpr std::string_view kDeployOwn[] = {"--env", "--rev", "--plan"};
constexpr auto kDeploy = joined(kDeployOwn, kSending, kReaching);
constexpr std::string_view kRollbackOwn[] = {"--env", "--to-before"};
constexpr auto kRollback = joined(kRollbackOwn, kSending, kReaching);
constexpr std::string_view kPromoteOwn[] = {"--from", "--to"};
constexpr auto kPromote = joined(kPromoteOwn, kSending, kReaching);
constexpr std::string_view kStatusOwn[] = {"--env", "--rev", "--offline", "--exit-code", "--report"};
constexpr auto kStatus = joined(kStatusOwn, kReaching);
constexpr std::string_view kRender[] = {"--rev", "--staged", "--worktree", "--report"};
constexpr std::string_view kHistory[] = {"--env", "--report"};
constexpr std::string_view kUnlock[] = {"--env", "--yes"};
constexpr std::string_view kConvert[] = {"--layout", "--force", "--report"};
constexpr std::string_view kPullOwn[] = {"--env", "--layout", "--force", "--git-timeout", "--report"};
constexpr auto kPull = joined(kPullOwn, kReaching);
constexpr std::string_view kHook[] = {"--chain"};
constexpr std::string_view kServe[] = {"--check", "--daemon", "--pidfile", "--log-format"};
constexpr std::string_view kSandbox[] = {"--port",       "--address",     "--data",   "--latency",    "--rate-limit",
                                         "--fail",       "--retry-after", "--drop",   "--drop-after", "--hang",
                                         "--hang-after", "--tls-cert",    "--tls-key"};

constexpr std::span<const std::string_view> none() { return std::span(kNone).first(0); }

const Command kCommands[] = {
    {"init", "", "set up a repository: flowship.json, hooks, workflows", kInit, run_init},
    {"validate", "[PATH…]", "check the flows, offline", kValidate, run_validate},
    {"plan", "[FLOW…]", "show what deploy would do, offline (--check-drift asks the service as well)", kPlan, run_plan},
    {"diff", "[REV [REV]]", "tell how flows have changed, in their own terms", kDiff, run_diff},
    {"deploy", "[FLOW…]", "deploy the flows that changed", kDeploy, run_deploy},
    {"status", "", "what is deployed, and drift", kStatus, run_status},
    {"history", "", "the deployments, newest first", kHistory, run_history},
    {"rollback", "[RECORD]", "deploy what an earlier deployment left", kRollback, run_rollback},
    {"promote", "", "deploy to one environment what is deployed in another", kPromote, run_promote},
    {"render", "FLOW", "draw a flow: as text, mermaid, svg or dot", kRender, run_render},
    {"unlock", "", "release a deployment that died, by hand", kUnlock, run_unlock},
    {"pull", "[FLOW…]", "bring flows from the service into the repository", kPull, run_pull},
    {"convert", "SOURCE TARGET", "a flow's files in another layout", kConvert, run_convert},
    {"hook", "install [NAME…] | uninstall [NAME…] | NAME", "git's hooks: put them in place, take them away, run one",
     kHook, run_hook},
    {"serve", "", "the daemon: deploys what is pushed (--config names the operator's flowshipd.json)", kServe,
     run_serve},
    {"sandbox", "", "an emulator of the service, for trying things out", kSandbox, run_sandbox},
    {"version", "", "the version", none(), run_version},
    {"completion", "bash | zsh | fish", "the script that completes command lines in a shell", none(), run_completion},
    {"help", "[COMMAND | rules | formats | man]", "this help, or more on one thing (`man`: the manual page, as roff)",
     none(), run_help},
};

constexpr ExitMeaning kExitMeanings[] = {
    {ExitCode::done, "done, or nothing to do"},
    {ExitCode::failed, "failed"},
    {ExitCode::changes, "`--exit-code`, and there are changes"},
    {ExitCode::invalid, "validation errors, nothing was sent"},
    {ExitCode::partial, "some flows failed, others are deployed"},
    {ExitCode::drifted, "drift, nothing overwritten"},
    {ExitCode::held, "another deployment holds the environment"},
    {ExitCode::credentials, "credentials missing or refused"},
    {ExitCode::usage, "wrong usage"},
};

/// `left` padded to a column.
std::string row(const std::string& left, std::string_view right) {
  constexpr std::size_t kColumn = 28;
  std::string text = "  " + left;
  text += text.size() + 2 > kColumn ? "\n" + std::string(kColumn, ' ') : std::string(kColumn - text.size(), ' ');
  return text + std::string(right) + "\n";
}

std::string option_rows(std::span<const std::string_view> names) {
  std::string text;
  for (const std::string_view name : names) {
    const OptionSpec& option = option_of(name);
    std::string left(option.name);
    if (!option.value.empty()) left += " " + std::string(option.value);
    text += row(left, option.summary);
  }
  return text;
}

}  // namespace

std::span<const Command> commands() { return kCommands; }

std::span<const ExitMeaning> exit_meanings() { return kExitMeanings; }

std::string help_text() {
  std::string text =
      "flowship deploys Descope authentication flows from git.\n\n"
      "usage: flowship COMMAND [OPTIONS]\n\ncommands:\n";
  for (const Command& command : kCommands) text += row(std::string(command.name), command.summary);
  text += "\noptions of all commands:\n" + option_rows(common_options());
  text += "\nexit codes:\n";
  for (const ExitMeaning& exit : kExitMeanings) {
    const std::string code = std::to_string(static_cast<int>(exit.code));
    text += "  " + std::string(2 - code.size(), ' ') + code + " " + std::string(exit.meaning) + "\n";
  }
  return text;
}

std::string help_text(const Command& command) {
  std::string text = "usage: flowship " + std::string(command.name) + " [OPTIONS]";
  if (!command.arguments.empty()) text += " " + std::string(command.arguments);
  text += "\n\n" + std::string(command.summary) + "\n";
  if (!command.options.empty()) text += "\noptions:\n" + option_rows(command.options);
  text += "\noptions of all commands:\n" + option_rows(common_options());
  return text;
}

}  // namespace flowship::cli
