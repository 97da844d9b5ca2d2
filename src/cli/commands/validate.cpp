#include "base/error.hpp"
#include "base/files/files.hpp"
#include "base/text/pluralize.hpp"
#include "base/text/printable.hpp"
#include "check/engine/check.hpp"
#include "check/findings/baseline.hpp"
#include "cli/run.hpp"
#include "cli/workspace.hpp"
#include "deploy/plan/checks/validation.hpp"

#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

namespace flowship::cli {

namespace {

git::Revision revision_to_check(const git::Repository& repository, Options options) {
  options.worktree = options.revision.empty() && !options.staged;
  return chosen_revision(repository, options);
}

/// Without --env every environment counts, FLOWSHIP_ENV or not: what is found must not depend on whose terminal it is.
deploy::Config config_to_check(const git::Revision& revision, const Options& options) {
  deploy::Config config = deploy::load_config(revision, options.config_file);
  if (options.environment.empty()) return config;
  const std::string chosen = config.environment(options.environment).name;
  std::erase_if(config.environments, [&](const auto& named) { return named.first != chosen; });
  return config;
}

/// The text of --baseline; nothing without that option.
std::optional<std::string> baseline_of(const Options& options) {
  const std::string& file = options.baseline_file;
  if (file.empty()) return std::nullopt;
  std::optional<std::string> text = read_file(file);
  if (!text) {
    throw usage_error("no such file: " + printable(file),
                      "to accept what is found now: flowship validate --format json > " + printable(file));
  }
  return text;
}

void remove_known(const Invocation& invocation, const std::string& baseline, std::vector<check::Finding>& findings) {
  const std::string& file = invocation.options.baseline_file;
  const std::size_t removed = check::remove_known(baseline, file, findings);
  if (removed == 0 || invocation.style.quiet) return;
  invocation.err << "flowship: note: " << pluralize(removed, "finding") << " of " << printable(file)
                 << " not reported\n";
}

}  // namespace

ExitCode run_validate(const Invocation& invocation) {
  const Options& options = invocation.options;
  // Before --report, which may write to that file.
  const std::optional<std::string> baseline = baseline_of(options);
  const auto write = writer(invocation, &report::Format::validation);
  const git::Repository repository = open_repository(options);
  const git::Revision revision = revision_to_check(repository, options);
  const deploy::Config config = config_to_check(revision, options);
  warn_of_unmatched_sources(invocation, revision, config);
  std::vector<std::string> paths;
  for (const std::string& path : options.arguments) paths.push_back(path_from_root(repository, options, path));
  deploy::Validated validated = deploy::validate(revision, config, paths);
  if (baseline) remove_known(invocation, *baseline, validated.findings);
  const report::Validation validation = with_texts(std::move(validated), revision);
  invocation.out << write(validation, invocation.style);
  return check::count(validation.findings).errors > 0 ? ExitCode::invalid : ExitCode::done;
}

}  // namespace flowship::cli
