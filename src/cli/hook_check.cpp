#include "base/error.hpp"
#include "base/printable.hpp"
#include "cli/hook.hpp"
#include "cli/workspace.hpp"
#include "deploy/change_check.hpp"
#include "deploy/credentials.hpp"
#include "git/pushed_refs.hpp"
#include "git/revision.hpp"

#include <optional>
#include <ostream>
#include <unistd.h>
#include <utility>

namespace flowship::cli {

namespace {

/// Findings as a hook shows them: on standard error, and without notes, which stop nobody.
ExitCode tell(const Invocation& invocation, const git::Revision& revision, deploy::Validated validated,
              const std::string& what) {
  std::erase_if(validated.findings, [&](const check::Finding& finding) {
    return finding.severity == check::Severity::note && !invocation.style.verbose;
  });
  if (validated.findings.empty()) return ExitCode::done;
  report::Style style = invocation.style;
  style.colour = style.colour && ::isatty(STDERR_FILENO) != 0;
  const int errors = check::count(validated.findings).errors;
  const report::Validation validation = with_texts(std::move(validated), revision);
  if (!what.empty()) invocation.err << "flowship: " << what << (errors > 0 ? " is refused:" : ":") << "\n\n";
  invocation.err << report::formats().front().validation(validation, style);
  return errors > 0 ? ExitCode::invalid : ExitCode::done;
}

/// The commit, where this repository has it: a push may go to a branch that was never fetched.
std::optional<git::ObjectId> known_commit(const git::Repository& repository, const std::optional<git::ObjectId>& id) {
  if (!id) return std::nullopt;
  try {
    return repository.commit(id->hex());
  } catch (const Error&) {
    return std::nullopt;
  }
}

/// Checks the new tip of one branch; an error names the branch as well.
ExitCode check_branch(const Invocation& invocation, const git::Repository& repository, const git::PushedRef& pushed) {
  const std::string branch = "branch " + printable(*pushed.branch()) + " (" + pushed.after->abbreviated() + ")";
  try {
    const git::Revision tip = git::Revision::of_commit(repository, *pushed.after);
    return tell(invocation, tip,
                deploy::validate_change({.before = known_commit(repository, pushed.before),
                                         .after = tip,
                                         .config_file = invocation.options.config_file}),
                branch);
  } catch (Error& error) {
    error.within(branch);
    invocation.err << report::error_text(error, {});
    return error.fault() == Fault::invalid ? ExitCode::invalid : ExitCode::failed;
  }
}

/// Every branch is looked at, so that one push tells all that is wrong. A branch that could not be checked counts for
/// more than one that is invalid.
ExitCode check_branches(const Invocation& invocation, const std::vector<git::PushedRef>& refs) {
  const git::Repository repository = hook_repository(invocation.options);
  ExitCode worst = ExitCode::done;
  for (const git::PushedRef& pushed : refs) {
    if (!pushed.after || !pushed.branch()) continue;
    const ExitCode code = check_branch(invocation, repository, pushed);
    if (code != ExitCode::done && worst != ExitCode::failed) worst = code;
  }
  return worst;
}

ExitCode check_range(const Invocation& invocation, const git::Repository& repository, const std::string& from,
                     const std::string& to) {
  const git::Revision after = git::Revision::of_commit(repository, repository.commit(to));
  return tell(invocation, after,
              deploy::validate_change(
                  {.before = repository.commit(from), .after = after, .config_file = invocation.options.config_file}),
              "");
}

}  // namespace

ExitCode run_pre_commit(const Invocation& invocation) {
  const git::Repository repository = hook_repository(invocation.options);
  if (repository.is_bare()) throw usage_error("a bare repository has nothing staged");
  // The pre-commit framework names a range at pre-push, and with --from-ref and --to-ref.
  const std::optional<std::string> from = deploy::process_variable("PRE_COMMIT_FROM_REF");
  const std::optional<std::string> to = deploy::process_variable("PRE_COMMIT_TO_REF");
  if (from && to) return check_range(invocation, repository, *from, *to);

  std::optional<git::ObjectId> head = repository.ref("HEAD");
  // It does not say when it runs on all files. Then nothing is staged, though, and all is to be checked.
  if (head && deploy::process_variable("PRE_COMMIT") &&
      repository.staged_differences(repository.facts(*head).tree).empty()) {
    head.reset();
  }
  const git::Revision staged = git::Revision::of_index(repository);
  return tell(invocation, staged,
              deploy::validate_change({.before = head, .after = staged, .config_file = invocation.options.config_file}),
              "");
}

ExitCode run_pre_push(const Invocation& invocation) {
  return check_branches(invocation, git::outgoing_refs(hook_input()));
}

ExitCode run_pre_receive(const Invocation& invocation) {
  return check_branches(invocation, git::received_refs(hook_input()));
}

}  // namespace flowship::cli
