#include "deploy/plan/diff.hpp"

#include "base/error.hpp"
#include "cli/run.hpp"
#include "cli/workspace.hpp"

#include <ostream>
#include <string>
#include <vector>

namespace flowship::cli {

namespace {

struct Ends {
  git::Revision before;
  git::Revision after;
};

/// Like `git diff`: the index or a revision against the working tree, HEAD or a revision against the index, or two
/// revisions.
Ends ends_of(const git::Repository& repository, const Options& options) {
  std::vector<std::string> names = options.arguments;
  const std::size_t dots = names.size() == 1 ? names[0].find("..") : std::string::npos;
  if (dots != std::string::npos && names[0].find("...") == std::string::npos) {
    const auto or_head = [](const std::string& name) { return name.empty() ? std::string("HEAD") : name; };
    names = {or_head(names[0].substr(0, dots)), or_head(names[0].substr(dots + 2))};
  }
  if (options.staged && names.size() > 1) throw usage_error("diff --staged takes at most one revision");
  const auto commit = [&](const std::string& name) {
    return git::Revision::of_commit(repository, repository.commit(name));
  };
  if (names.size() == 2) return {commit(names[0]), commit(names[1])};
  if (repository.is_bare()) {
    throw usage_error("a bare repository has no index or working tree", "name two commits");
  }
  if (options.staged) return {commit(names.empty() ? "HEAD" : names[0]), git::Revision::of_index(repository)};
  return {names.empty() ? git::Revision::of_index(repository) : commit(names[0]),
          git::Revision::of_worktree(repository)};
}

}  // namespace

ExitCode run_diff(const Invocation& invocation) {
  const Options& options = invocation.options;
  const auto write = writer(invocation, &report::Format::diff);
  if (!options.plan_file.empty() && !invocation.format.is_page) {
    throw usage_error("diff --out needs --format html", "or use --report FORMAT=FILE");
  }
  const git::Repository repository = open_repository(options);
  const Ends ends = ends_of(repository, options);
  const deploy::Diff diff = deploy::diff(ends.before, ends.after, options.config_file, options.environment);
  show(invocation, write(diff, invocation.style));
  if (check::count(diff.findings).errors > 0) return ExitCode::invalid;
  return options.exit_code && !diff.changes.empty() ? ExitCode::changes : ExitCode::done;
}

}  // namespace flowship::cli
