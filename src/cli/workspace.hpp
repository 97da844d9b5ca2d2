#pragma once

#include "cli/command.hpp"
#include "cli/options.hpp"
#include "deploy/plan/checks/validation.hpp"
#include "deploy/plan/saved_plan.hpp"
#include "deploy/plan/workspace.hpp"
#include "git/repository.hpp"
#include "git/revision.hpp"
#include "report/report.hpp"

#include <string>
#include <vector>

namespace flowship::cli {

/// The repository of --repo.
git::Repository open_repository(const Options& options);

/// The revision to read: `--rev`, `--staged` or `--worktree`, of which at most one may be given; else `HEAD`.
git::Revision chosen_revision(const git::Repository& repository, const Options& options);

/// The environment of `--env`, else of FLOWSHIP_ENV, else the only one, in the chosen revision or in `revision`.
deploy::Workspace open_workspace(const git::Repository& repository, const Options& options);
deploy::Workspace open_workspace(const git::Repository& repository, const Options& options, git::Revision revision);

/// The repository, and what `open_workspace` opens in it. A rewritten ledger is accepted if the options say so.
struct Opened {
  explicit Opened(const Options& options);

  git::Repository repository;
  deploy::Workspace workspace;
};

/// The names of the environments in flowship.json: of the working tree, of HEAD in a bare repository. Empty if the
/// repository or the file can't be read.
std::vector<std::string> environment_names(const Options& options);

/// Converts a path as the user gives it (relative to the directory of `--repo`, or absolute) into one relative to the
/// repository's root, which it already is in a bare repository. A path outside the repository is a usage error.
std::string path_from_root(const git::Repository& repository, const Options& options, const std::string& path);

/// Warns on standard error about `sources` of the configuration that match nothing in the revision.
void warn_of_unmatched_sources(const Invocation& invocation, const git::Revision& revision,
                               const deploy::Config& config);

/// Findings, with access to the lines that they are about.
/// For an environment without a ledger yet: throws if its records lie under another ref, which would be dropped, and
/// warns of those that this project has under another environment's name.
void expect_earlier_records(const Invocation& invocation, deploy::Workspace& workspace);

report::Validation with_texts(deploy::Validated validated, const git::Revision& revision);

/// If `request` names a record, makes the workspace use what that deployment left, or found, instead of the revision.
/// Returns the flows to restrict a plan to; none: all. The ledger must have been fetched.
std::vector<std::string> use_record(deploy::Workspace& workspace, const deploy::PlanRequest& request);

}  // namespace flowship::cli
