#include "check/engine/check.hpp"
#include "cli/run.hpp"
#include "cli/workspace.hpp"
#include "deploy/plan/validation.hpp"

#include <ostream>
#include <string>
#include <vector>

namespace flowship::cli {

namespace {

git::Revision revision_to_check(const git::Repository& repository, Options options) {
  options.worktree = options.revision.empty() && !options.staged;
  return chosen_revision(repository, options);
}

}  // namespace

ExitCode run_validate(const Invocation& invocation) {
  const Options& options = invocation.options;
  const auto write = writer(invocation, &report::Format::validation);
  const git::Repository repository = open_repository(options);
  const git::Revision revision = revision_to_check(repository, options);
  const deploy::Config config = deploy::load_config(revision, options.config_file);
  warn_of_unmatched_sources(invocation, revision, config);
  std::vector<std::string> paths;
  for (const std::string& path : options.arguments) paths.push_back(path_from_root(repository, options, path));
  const report::Validation validation = with_texts(deploy::validate(revision, config, paths), revision);
  invocation.out << write(validation, invocation.style);
  return check::count(validation.findings).errors > 0 ? ExitCode::invalid : ExitCode::done;
}

}  // namespace flowship::cli
