#include "deploy/pull/pull.hpp"

#include "base/error.hpp"
#include "base/text/printable.hpp"
#include "cli/run.hpp"
#include "cli/signals.hpp"
#include "cli/workspace.hpp"
#include "flow/layouts/layouts.hpp"

#include <ostream>

namespace flowship::cli {

namespace {

deploy::Resolve resolve_of(const Options& options) {
  if (options.ours && options.theirs) throw usage_error("--ours and --theirs exclude each other");
  if (options.ours) return deploy::Resolve::ours;
  return options.theirs ? deploy::Resolve::theirs : deploy::Resolve::nothing;
}

ExitCode pull_exit_code(const deploy::Pulled& pulled) {
  if (pulled.has(deploy::PullOutcome::failed)) return ExitCode::failed;
  return pulled.ok() ? ExitCode::done : ExitCode::drifted;
}

deploy::PullOptions pull_options(const Options& options) {
  deploy::PullOptions pull{
      .connection = options.deploy.connection,
      .flows = options.arguments,
      .layout = flow::Layout::snapshot,
      .resolve = resolve_of(options),
      .existing = options.force ? deploy::PullOptions::Existing::overwrite : deploy::PullOptions::Existing::refuse,
      .concurrency = options.deploy.concurrency};
  if (options.layout.empty()) return pull;
  const std::optional<flow::Layout> layout = flow::layout_from(options.layout);
  if (!layout || *layout == flow::Layout::console) {
    throw usage_error("pull writes the layouts snapshot and exported, not `" + printable(options.layout) + "`");
  }
  pull.layout = *layout;
  return pull;
}

}  // namespace

ExitCode run_pull(const Invocation& invocation) {
  const Options& options = invocation.options;
  const auto write = writer(invocation, &report::Format::pulled);
  const deploy::PullOptions pull = pull_options(options);
  const git::Repository repository = open_repository(options);
  if (repository.is_bare()) throw usage_error("a bare repository has no working tree to pull into", "pull in a clone");
  deploy::Workspace workspace = open_workspace(repository, options, git::Revision::of_worktree(repository));
  StopSignal stop;
  const StopOnSignals signals(stop);
  deploy::Silence silence;
  const deploy::Pulled pulled = until_stopped(stop, [&] {
    return deploy::pull(
        workspace, pull,
        {.clock = invocation.clock, .stop = stop, .progress = silence, .variables = deploy::process_variable});
  });
  for (const std::string& warning : pulled.warnings) warn(invocation, warning);
  invocation.out << write(pulled, invocation.style);
  return pull_exit_code(pulled);
}

}  // namespace flowship::cli
