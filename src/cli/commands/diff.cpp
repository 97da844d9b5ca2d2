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

/// What `git diff` compares: the index with the working tree, a revision with the working tree, the last commit (or
/// another one) with what is staged, or two revisions.
Ends ends_of(const git::Repository& repository, const Options& options) {
  std::vector<std::string> names = options.arguments;
  const std::size_t dots = names.size() == 1 ? names[0].find("..") : std::string::npos;
  if (dots != std::string::npos && names[0].find("...") == std::string::npos) {
    const auto or_head = [](const std::string& name) { return name.empty() ? std::string("HEAD") : name; };
    names = {or_head(names[0].substr(0, dots)), or_head(names[0].substr(dots + 2))};
  }
  if (names.size() > (options.staged ? 1 : 2)) {
    throw usage_error(options.staged ? "diff --staged takes one revision at most" : "diff takes two revisions at most");
  }
  const auto commit = [&](const std::string& name) {
    return git::Revision::of_commit(repository, repository.commit(name));
  };
  if (names.size() == 2) return {commit(names[0]), commit(names[1])};
  if (repository.is_bare()) {
    throw usage_error("a bare repository has neither an index nor a working tree", "name two commits");
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
    throw usage_error("diff --out is for --format html", "or use --report FORMAT=FILE");
  }
  const git::Repository repository = open_repository(options);
  const Ends ends = ends_of(repository, options);
  const deploy::Diff diff = deploy::diff(ends.before, ends.after, options.config_file);
  show(invocation, write(diff, invocation.style));
  return options.exit_code && !diff.changes.empty() ? ExitCode::changes : ExitCode::done;
}

}  // namespace flowship::cli
