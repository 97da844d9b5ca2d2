#include "cli/command.hpp"
#include "cli/run.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <limits>
#include <string>

namespace flowship::cli {

namespace {

/// How the service is reached.
constexpr std::string_view kReaching[] = {"--base-url", "--key-file",        "--ca-file",        "--concurrency",
                                          "--max-wait", "--connect-timeout", "--request-timeout"};
/// What everything that sends takes besides.
constexpr std::string_view kSending[] = {
    "--on-drift", "--prune",       "--max-deletes", "--refresh",      "--read-back-wait",
    "--atomic",   "--git-timeout", "--lock-wait",   "--lock-timeout", "--accept-rewritten-ledger",
    "--yes",      "--grace",       "--share-wait"};

/// Lists of options as one.
template <std::size_t... Sizes>
constexpr auto joined(const std::string_view (&... lists)[Sizes]) {
  std::array<std::string_view, (Sizes + ...)> all{};
  auto end = all.begin();
  ((end = std::copy(std::begin(lists), std::end(lists), end)), ...);
  return all;
}

constexpr std::string_view kInit[] = {"--yes"};
constexpr std::string_view kValidate[] = {"--staged", "--rev", "--baseline"};
constexpr std::string_view kPlanOwn[] = {"--rev",         "--staged",  "--worktree",    "--record",
                                         "--to-before",   "--prune",   "--max-deletes", "--on-drift",
                                         "--check-drift", "--refresh", "--out",         "--exit-code"};
constexpr auto kPlan = joined(kPlanOwn, kReaching);
constexpr std::string_view kDiff[] = {"--staged", "--exit-code", "--out"};
constexpr std::string_view kDeployOwn[] = {"--rev", "--plan", "--any-branch", "--allow-older", "--skip-superseded"};
constexpr auto kDeploy = joined(kDeployOwn, kSending, kReaching);
constexpr std::string_view kRollbackOwn[] = {"--to-before"};
constexpr auto kRollback = joined(kRollbackOwn, kSending, kReaching);
constexpr std::string_view kPromoteOwn[] = {"--from", "--to"};
constexpr auto kPromote = joined(kPromoteOwn, kSending, kReaching);
constexpr std::string_view kStatusOwn[] = {"--all", "--rev", "--offline", "--refresh", "--exit-code"};
constexpr auto kStatus = joined(kStatusOwn, kReaching);
constexpr std::string_view kHistory[] = {"--all"};
constexpr std::string_view kRender[] = {"--rev", "--staged", "--worktree"};
constexpr std::string_view kPaths[] = {"--rev", "--staged", "--worktree", "--limit"};
constexpr std::string_view kUnlock[] = {"--yes", "--accept-rewritten-ledger"};
constexpr std::string_view kConvert[] = {"--layout", "--force"};
constexpr std::string_view kPullOwn[] = {"--ours", "--theirs", "--layout", "--force", "--git-timeout"};
constexpr auto kPull = joined(kPullOwn, kReaching);
constexpr std::string_view kMerge[] = {"--path", "--marker-size"};
constexpr std::string_view kHook[] = {"--chain"};
constexpr std::string_view kServe[] = {"--check", "--daemon", "--pidfile", "--log-format"};
constexpr std::string_view kSandbox[] = {
    "--port",        "--address",     "--data",        "--latency",        "--rate-limit", "--fail",
    "--retry-after", "--drop",        "--drop-after",  "--hang",           "--hang-after", "--tls-cert",
    "--tls-key",     "--list-format", "--require-key", "--no-retry-after", "--lie",        "--stale"};

const Command kCommands[] = {
    {"init", "", "set up a repository: flowship.json, git hooks, CI workflows", kInit, run_init},
    {"validate", "[PATH…]", "check flows without contacting the service", kValidate, run_validate},
    {"plan", "[FLOW…]", "show what deploy would do, from the ledger (--check-drift: ask the service as well)", kPlan,
     run_plan},
    {"diff", "[REV [REV]]", "show how flows changed, in their own terms", kDiff, run_diff},
    {"deploy", "[FLOW…]", "deploy the flows that changed", kDeploy, run_deploy},
    {"status", "", "show what is deployed, and drift", kStatus, run_status},
    {"history", "", "list deployments, newest first", kHistory, run_history},
    {"rollback", "[RECORD]", "deploy the state of an earlier deployment (default: the one before the last)", kRollback,
     run_rollback},
    {"promote", "", "deploy what one environment has to another", kPromote, run_promote},
    {"render", "FLOW", "draw a flow (--format mermaid, svg or dot), or describe it task by task", kRender, run_render},
    {"paths", "FLOW", "list the paths of a flow to a session, with the factors of each, as a list to test by", kPaths,
     run_paths},
    {"unlock", "", "release an environment held by a deployment that died", kUnlock, run_unlock},
    {"pull", "[FLOW…]", "merge flows from the service into the working tree", kPull, run_pull},
    {"convert", "SOURCE TARGET", "write a flow in another layout", kConvert, run_convert},
    {"merge", "BASE OURS THEIRS", "merge three versions of a flow's file into OURS, as git's merge driver", kMerge,
     run_merge},
    {"hook", "install [HOOK…] | uninstall [HOOK…] | HOOK", "install, uninstall or run git hooks", kHook, run_hook},
    {"serve", "", "run the daemon, which deploys what is pushed (--config: the operator's flowshipd.json)", kServe,
     run_serve},
    {"sandbox", "", "run an emulator of the service, to try things out", kSandbox, run_sandbox},
    {"demo",
     "",
     "show what flowship does, step by step, against an emulator of the service; needs no account",
     {},
     run_demo},
    {"explain",
     "[RULE…]",
     "say what rules find, why, how to fix it and how to ignore it (default: every rule)",
     {},
     run_explain},
    {"version", "", "print the version", {}, run_version},
    {"completion", "bash | zsh | fish", "print the script that completes command lines in a shell", {}, run_completion},
    {"help",
     "[COMMAND | config | rules | formats | schema | server | man]",
     "show help on a command or topic (config: the members of flowship.json; schema: its JSON Schema; man: the manual "
     "page, as roff)",
     {},
     run_help},
};

constexpr ExitMeaning kExitMeanings[] = {
    {ExitCode::done, "done, or nothing to do"},
    {ExitCode::failed, "failed"},
    {ExitCode::changes, "differences (`plan`, `diff` and `status` with `--exit-code`)"},
    {ExitCode::invalid, "validation errors, nothing was sent"},
    {ExitCode::partial, "some flows failed, others are deployed; the next run sends what is missing"},
    {ExitCode::drifted, "drift, nothing was overwritten; or merge conflicts"},
    {ExitCode::held, "another deployment holds the environment"},
    {ExitCode::credentials, "credentials missing or refused"},
    {ExitCode::usage, "wrong usage"},
    {ExitCode::interrupted, "interrupted (SIGINT), imports in flight finished and recorded"},
    {ExitCode::terminated, "terminated (SIGTERM), likewise"},
};

constexpr EnvironmentVariable kEnvironmentVariables[] = {
    {"DESCOPE_PROJECT_ID", "project of an environment that names none"},
    {"DESCOPE_MANAGEMENT_KEY",
     "management key, unless the environment names another variable or --key-file a file; a .env file is not read"},
    {"DESCOPE_BASE_URL", "address of the service"},
    {"FLOWSHIP_ENV", "default for --env"},
    {"FLOWSHIP_TRACE", "1: trace requests, git commands, retries and ledger steps on standard error"},
    {"NO_COLOR, CLICOLOR_FORCE", "never, or always, use colour (--color has precedence)"},
    {"COLUMNS", "width of help texts (default: the terminal's, else 80)"},
};

constexpr ServerSetting kServerSettings[] = {
    {"flowship.policy",
     "file of `sources`, `rules`, `ignore` and `policies` that a pushed flowship.json can tighten, but not loosen"},
    {"flowship.ENVIRONMENT.branch", "branch that deploys (default: by flowship.json of the default branch)"},
    {"flowship.ENVIRONMENT.projectId", "project (default: by flowship.json; never by `DESCOPE_PROJECT_ID`)"},
    {"flowship.ENVIRONMENT.sign", "true: the entries of the ledger are signed, whatever flowship.json says"},
    {"flowship.ENVIRONMENT.keyFile", "file of the management key"},
    {"flowship.ENVIRONMENT.baseUrl", "address of the service"},
    {"flowship.ENVIRONMENT.caFile", "file of the certificate authorities to trust"},
    {"flowship.bin", "the program that hooks run"},
    {"flowship.daemon", "address of a daemon that deploys pushes, or the file that holds it"},
    {"flowship.daemonRepository", "the repository's name in flowshipd.json"},
    {"flowship.daemonSecretFile", "file of its webhook secret"},
    {"receive.flowship.background", "true: a push doesn't wait for the deployment"},
};

}  // namespace

std::span<const Command> commands() { return kCommands; }

std::span<const ExitMeaning> exit_meanings() { return kExitMeanings; }

std::span<const EnvironmentVariable> environment_variables() { return kEnvironmentVariables; }

std::span<const ServerSetting> server_settings() { return kServerSettings; }

std::vector<std::string> words_of(std::string_view placeholders) {
  std::vector<std::string> words(1);
  for (const char letter : placeholders) {
    if (std::isalpha(static_cast<unsigned char>(letter)) != 0) {
      words.back() += letter;
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

bool is_literal(std::string_view word) { return std::islower(static_cast<unsigned char>(word.front())) != 0; }

std::string listed(const std::vector<std::string>& words, std::string_view last) {
  std::string text;
  for (std::size_t at = 0; at < words.size(); ++at) {
    if (at > 0) text += at + 1 < words.size() ? ", " : " " + std::string(last) + " ";
    text += words[at];
  }
  return text;
}

Arity arity_of(const Command& command) {
  const std::string_view text = command.arguments;
  const auto has = [&](std::string_view part) { return text.find(part) != std::string_view::npos; };
  const std::size_t words = has("|") ? 1 : words_of(text).size();
  return {.least = text.starts_with('[') ? 0 : words,
          .most = has("…") ? std::numeric_limits<std::size_t>::max() : words};
}

}  // namespace flowship::cli
