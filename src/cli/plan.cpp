#include "base/disk.hpp"
#include "check/finding.hpp"
#include "cli/run.hpp"
#include "cli/workspace.hpp"
#include "deploy/history.hpp"
#include "deploy/planning.hpp"
#include "deploy/saved_plan.hpp"

#include <ostream>

namespace flowship::cli {

ExitCode run_plan(const Invocation& invocation) {
  const Options& options = invocation.options;
  const auto write = writer(invocation, &report::Format::plan);
  const git::Repository repository = open_repository(options);
  deploy::Workspace workspace(repository, chosen_revision(repository, options), options.config_file,
                              options.environment);
  if (!options.record.empty()) {
    workspace.use_deployed(deploy::find_record(workspace.ledger, options.record),
                           deploy::Workspace::Overrides::of_entry);
  }
  const deploy::Plan plan = deploy::plan(workspace, options.arguments, deploy::process_variable);
  if (!options.plan_file.empty()) write_file_atomically(options.plan_file, deploy::saved_plan_text(plan));
  invocation.out << write(plan, invocation.style);
  if (check::count(plan.findings).errors > 0) return ExitCode::invalid;
  return options.exit_code && plan.has_changes() ? ExitCode::changes : ExitCode::done;
}

}  // namespace flowship::cli
