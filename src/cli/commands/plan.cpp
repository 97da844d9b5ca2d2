#include "base/error.hpp"
#include "base/files/files.hpp"
#include "base/stop.hpp"
#include "check/findings/finding.hpp"
#include "cli/progress.hpp"
#include "cli/run.hpp"
#include "cli/signals.hpp"
#include "cli/workspace.hpp"
#include "deploy/config/command_hint.hpp"
#include "deploy/ledger/history.hpp"
#include "deploy/ledger/last_known.hpp"
#include "deploy/plan/planner.hpp"
#include "deploy/plan/saved_plan.hpp"
#include "deploy/plan/target_rules.hpp"

#include <algorithm>
#include <memory>
#include <ostream>

namespace flowship::cli {

namespace {

/// With full record ids, since an abbreviation may become ambiguous.
deploy::PlanRequest request_of(const Options& options, deploy::Workspace& workspace) {
  deploy::PlanRequest request = options.deploy.request;
  request.revision = options.revision;
  request.flows = options.arguments;
  request.record = options.record;
  request.to_before = options.to_before;
  if (request.record.empty() && request.to_before.empty()) return request;
  if (!options.revision.empty() || options.staged || options.worktree) {
    throw usage_error("a record says itself what it deployed",
                      "leave out --rev, --staged and --worktree, or --record and --to-before");
  }
  // A failed fetch is reported with the plan.
  deploy::fetch_if_reachable(workspace.ledger);
  deploy::fetch_older_if_reachable(workspace.ledger);
  for (std::string* record : {&request.record, &request.to_before}) {
    if (record->empty()) continue;
    *record = deploy::find_record(workspace.ledger, workspace.environment.name_in_commands(), *record).commit.hex();
  }
  return request;
}

bool is_of_head(const deploy::PlanRequest& request, const Options& options) {
  return request.revision.empty() && request.record.empty() && request.to_before.empty() && !options.staged &&
         !options.worktree;
}

bool is_refused_branch(const deploy::PlanRequest& request, const deploy::Workspace& workspace,
                       std::chrono::milliseconds git_limit) {
  try {
    return deploy::wrong_branch(workspace, {.is_head = request.revision.empty()}, git_limit).has_value();
  } catch (const Error&) {
    // A remote that can't be reached was reported with the ledger.
    return false;
  }
}

/// The command that carries the plan out, as it was asked for, with the options without which it refuses the target.
deploy::Plan::Command command_of(const deploy::PlanRequest& request, const deploy::Workspace& workspace,
                                 std::chrono::milliseconds git_limit, bool is_older) {
  if (!request.record.empty()) return {.name = "rollback " + request.record};
  if (!request.to_before.empty()) return {.name = "rollback --to-before " + request.to_before};
  std::vector<std::string> words;
  if (request.prune == true) words.emplace_back("--prune");
  if (request.max_deletes) words.push_back("--max-deletes " + std::to_string(*request.max_deletes));
  if (request.on_drift) words.push_back("--on-drift " + std::string(to_text(*request.on_drift)));
  const deploy::TargetRules target{.is_head = request.revision.empty(),
                                   .any_branch = is_refused_branch(request, workspace, git_limit),
                                   .allow_older = is_older};
  deploy::Plan::Command command{.target = deploy::target_options(target, request.revision), .flows = request.flows};
  for (const std::string& word : words) command.options = deploy::joined_options(command.options, word);
  return command;
}

/// A warning about a target that `deploy` refuses. Only where there is something to send: the ledger's remote is asked.
std::optional<std::string> older_target(deploy::Workspace& workspace, const Options& options,
                                        const deploy::Plan& plan) {
  if (!plan.has_changes() || options.staged || options.worktree) return std::nullopt;
  try {
    const std::optional<deploy::LedgerEntry> last = deploy::last_result(workspace.ledger, workspace.ledger.head());
    std::optional<std::string> why = deploy::superseded(workspace, last, options.deploy.connection.git_limit);
    if (!why) return std::nullopt;
    return "this is an older commit: " + *why + "; deploy refuses it without --allow-older";
  } catch (const Error&) {
    // A remote that can't be reached was reported with the ledger.
    return std::nullopt;
  }
}

ExitCode plan_exit_code(const deploy::Plan& plan, bool exit_code) {
  if (check::count(plan.findings).errors > 0) return ExitCode::invalid;
  if (plan.refusal) return ExitCode::failed;
  if (plan.drift && deploy::is_key_refused(*plan.drift)) return ExitCode::credentials;
  if (plan.has_unknown()) return ExitCode::failed;
  if (!exit_code) return ExitCode::done;
  if (plan.drift &&
      std::any_of(plan.drift->begin(), plan.drift->end(), [](const deploy::Drift& flow) { return flow.counts(); })) {
    return ExitCode::drifted;
  }
  return plan.has_changes() ? ExitCode::changes : ExitCode::done;
}

/// Asks the service for the plan's flows and fills in the drift.
void check_drift(deploy::Workspace& workspace, const deploy::DeployOptions& options, const Invocation& invocation,
                 deploy::Plan& plan) {
  StopSignal stop;
  const StopOnSignals signals(stop);
  const std::unique_ptr<deploy::Progress> progress = progress_for(invocation);
  until_stopped(stop, [&] {
    deploy::check_drift(
        workspace, options,
        {.clock = invocation.clock, .stop = stop, .progress = *progress, .variables = deploy::process_variable}, plan);
  });
  expect_not_stopped(stop);
  progress->finished();
}

}  // namespace

ExitCode run_plan(const Invocation& invocation) {
  const Options& options = invocation.options;
  const auto write = writer(invocation, &report::Format::plan);
  Opened opened(options);
  deploy::Workspace& workspace = opened.workspace;
  warn_of_unmatched_sources(invocation, workspace.revision, workspace.config);
  expect_earlier_records(invocation, workspace);
  const deploy::PlanRequest request = request_of(options, workspace);
  deploy::DeployOptions plan_options = options.deploy;
  plan_options.request = request;
  plan_options.request.flows = use_record(workspace, request);
  deploy::Plan plan = deploy::plan(workspace, plan_options.request, deploy::process_variable);
  if (is_of_head(request, options)) {
    if (std::optional<std::string> warning = deploy::uncommitted_config(workspace)) {
      plan.warnings.push_back(std::move(*warning));
    }
    // Looking at a large working tree takes longer than the plan, so only where somebody might miss a change.
    std::optional<std::string> missed = plan.has_changes() ? std::nullopt : deploy::uncommitted_flows(workspace);
    if (missed) plan.warnings.push_back(std::move(*missed));
  }
  const std::optional<std::string> older = older_target(workspace, options, plan);
  if (older) plan.warnings.push_back(*older);
  plan.command = command_of(request, workspace, options.deploy.connection.git_limit, older.has_value());
  const bool is_saved = !options.plan_file.empty() && !invocation.format.is_page;
  const std::string digest = is_saved ? deploy::plan_digest(plan, request) : std::string();
  if (options.check_drift) check_drift(workspace, plan_options, invocation, plan);
  if (is_saved) write_file_atomically(options.plan_file, deploy::saved_plan_text(plan, request, digest));
  show(invocation, write(plan, invocation.style));
  return plan_exit_code(plan, options.exit_code);
}

}  // namespace flowship::cli
