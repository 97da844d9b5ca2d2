#pragma once

#include "cli/command.hpp"
#include "cli/options.hpp"
#include "deploy/plan/saved_plan.hpp"
#include "deploy/plan/validation.hpp"
#include "deploy/plan/workspace.hpp"
#include "git/repository.hpp"
#include "git/revision.hpp"
#include "report/report.hpp"

#include <string>
#include <vector>

namespace flowship::cli {

/// The repository that the options name.
git::Repository open_repository(const Options& options);

/// What the options say to read: `--rev`, `--staged`, `--worktree`, of which one at most may be given; else `HEAD`.
git::Revision chosen_revision(const git::Repository& repository, const Options& options);

/// A path that the user gave, relative to the folder that `--repo` names (else to the current one), or absolute, as a
/// path from the repository's root. In a bare repository it is one already. A path that leads out is a usage error.
std::string path_from_root(const git::Repository& repository, const Options& options, const std::string& path);

/// Tells on standard error which `sources` of the configuration the revision has nothing at.
void warn_of_unmatched_sources(const Invocation& invocation, const git::Revision& revision,
                               const deploy::Config& config);

/// What was found in a revision, with the lines that it was found in.
report::Validation with_texts(deploy::Validated validated, const git::Revision& revision);

/// Works, where `request` names a record, with what its deployment left or found instead of the revision. Returns the
/// flows to restrict a plan to; none: all. The ledger must have been fetched.
std::vector<std::string> use_record(deploy::Workspace& workspace, const deploy::PlanRequest& request);

}  // namespace flowship::cli
