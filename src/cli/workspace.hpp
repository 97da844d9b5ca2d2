#pragma once

#include "cli/options.hpp"
#include "git/repository.hpp"
#include "git/revision.hpp"

namespace flowship::cli {

/// The repository that the options name.
git::Repository open_repository(const Options& options);

/// What the options say to read: `--rev`, `--staged`, `--worktree`, of which one at most may be given; else `HEAD`.
git::Revision chosen_revision(const git::Repository& repository, const Options& options);

}  // namespace flowship::cli
