#include "base/error.hpp"
#include "base/text/printable.hpp"
#include "cli/hooks/commit_secrets.hpp"
#include "cli/hooks/hook.hpp"
#include "cli/run.hpp"
#include "cli/terminal.hpp"
#include "cli/workspace.hpp"
#include "deploy/apply/pushed.hpp"
#include "deploy/config/credentials.hpp"
#include "deploy/ledger/pushed_ledger.hpp"
#include "deploy/plan/checks/change_check.hpp"
#include "git/remote/hook_folder.hpp"
#include "git/remote/pushed_refs.hpp"
#include "git/revision.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <ostream>
#include <set>
#include <unistd.h>
#include <utility>

namespace flowship::cli {

namespace {

/// The result of a check: text for people on standard error, which git passes on, without notes, which block nothing;
/// with any other format than text, also one document on standard output.
class Verdict {
 public:
  explicit Verdict(const Invocation& invocation)
      : invocation_(invocation), style_(invocation.style), write_(writer(invocation, &report::Format::validation)) {
    style_.colour = wants_colour(invocation.options.colour, STDERR_FILENO);
  }

  /// `what` names what was checked; may be empty.
  void add(const git::Revision& revision, deploy::Validated validated, const std::string& what) {
    all_.flows += validated.flows();
    all_.findings.insert(all_.findings.end(), validated.findings.begin(), validated.findings.end());
    std::erase_if(validated.findings, [&](const check::Finding& finding) {
      return finding.severity == check::Severity::note && !style_.verbose;
    });
    if (validated.findings.empty()) return;
    const bool is_refused = check::count(validated.findings).errors > 0;
    if (!what.empty()) invocation_.err << "flowship: " << what << (is_refused ? " is refused:" : ":") << "\n\n";
    invocation_.err << report::formats().front().validation(with_texts(std::move(validated), revision), style_);
  }

  /// Whether an error of that rule in that file was added already.
  bool has(const check::Finding& finding) const {
    return std::any_of(all_.findings.begin(), all_.findings.end(), [&](const check::Finding& known) {
      return known.severity == check::Severity::error && known.rule == finding.rule && known.path == finding.path;
    });
  }

  /// Something that could not be checked.
  void add(const Error& error) {
    invocation_.err << report::error_text(error, {});
    if (!error_ || error.fault() != Fault::invalid) error_ = error;
  }

  ExitCode show() const {
    const bool is_shown = invocation_.format.name != report::formats().front().name;
    if (!error_) {
      const std::string text = write_(all_, invocation_.style);
      if (is_shown) invocation_.out << text;
      return check::count(all_.findings).errors > 0 ? ExitCode::invalid : ExitCode::done;
    }
    report_failure(invocation_.options, *error_);
    if (is_shown && invocation_.format.error != nullptr) invocation_.out << invocation_.format.error(*error_);
    return error_->fault() == Fault::invalid ? ExitCode::invalid : ExitCode::failed;
  }

 private:
  const Invocation& invocation_;
  report::Style style_;
  std::function<std::string(const report::Validation&, const report::Style&)> write_;
  report::Validation all_;
  /// An error that prevented a check outranks one in the files.
  std::optional<Error> error_;
};

/// The commit if this repository has it: the remote branch of a push may never have been fetched.
std::optional<git::ObjectId> known_commit(const git::Repository& repository, const std::optional<git::ObjectId>& id) {
  if (!id) return std::nullopt;
  try {
    return repository.commit(id->hex());
  } catch (const Error&) {
    return std::nullopt;
  }
}

/// Checks the new tip of one branch; errors name the branch.
void check_branch(const Invocation& invocation, const git::Repository& repository, const git::PushedRef& pushed,
                  const deploy::ServerPolicy* policy, Verdict& verdict) {
  const std::string branch = "branch " + printable(*pushed.branch()) + " (" + pushed.after->abbreviated() + ")";
  try {
    const git::Revision tip = git::Revision::of_commit(repository, *pushed.after);
    verdict.add(tip,
                deploy::validate_change({.before = known_commit(repository, pushed.before),
                                         .after = tip,
                                         .config_file = invocation.options.config_file,
                                         .policy = policy}),
                branch);
  } catch (Error& error) {
    verdict.add(error.within(branch));
  }
}

/// Checks every branch, so that one push reports everything that is wrong. `policy` may be null.
void check_branches(const Invocation& invocation, const git::Repository& repository,
                    const std::vector<git::PushedRef>& refs, const deploy::ServerPolicy* policy, Verdict& verdict) {
  for (const git::PushedRef& pushed : refs) {
    if (pushed.after && pushed.branch()) check_branch(invocation, repository, pushed, policy, verdict);
  }
}

/// The configuration of a tip; the default one if it is broken, which is the tip's own error.
deploy::Config config_at(const Invocation& invocation, const git::Revision& tip) {
  try {
    return deploy::load_config(tip, invocation.options.config_file);
  } catch (const Error&) {
    return deploy::default_config();
  }
}

/// Looks for secrets in every new commit, since what the tip no longer has stays in the history. A ledger's exports are
/// not sources.
void check_commits(const Invocation& invocation, const git::Repository& repository,
                   const std::vector<git::PushedRef>& refs, const deploy::ServerPolicy* policy, Verdict& verdict) {
  CommitSecrets secrets(repository, policy);
  std::set<git::ObjectId> checked;
  for (const git::PushedRef& pushed : refs) {
    if (pushed.after && pushed.branch()) checked.insert(*pushed.after);
  }
  for (const git::PushedRef& pushed : refs) {
    const std::optional<git::ObjectId> tip = known_commit(repository, pushed.after);
    if (!tip) continue;
    try {
      const git::Revision revision = git::Revision::of_commit(repository, *tip);
      for (LeakingCommit& leak : secrets.search(*tip, config_at(invocation, revision))) {
        // What a branch's tip sends is reported as such.
        if (checked.contains(leak.commit))
          std::erase_if(leak.findings, [&](const auto& it) { return verdict.has(it); });
        if (leak.findings.empty()) continue;
        deploy::Validated validated;
        for (check::Finding& finding : leak.findings) {
          validated.sources.insert(finding.path);
          finding.message += ", in commit " + leak.commit.abbreviated();
          // The same file may have it in several commits.
          finding.cause.clear();
        }
        validated.findings = std::move(leak.findings);
        verdict.add(git::Revision::of_commit(repository, leak.commit), std::move(validated),
                    "commit " + leak.commit.hex() + " of " + printable(pushed.name));
      }
    } catch (Error& error) {
      verdict.add(error.within(printable(pushed.name)));
    }
  }
}

/// Whether post-receive of this repository deploys an environment, so that nobody else writes its ledger.
bool deploys_here(const git::Repository& repository, deploy::BranchPolicy& policy, const std::string& environment) {
  if (has_daemon(repository)) return false;
  for (const char* setting : {"branch", "keyFile"}) {
    if (repository.config("flowship." + environment + "." + setting)) return true;
  }
  return git::HookFolder(repository).is_own("post-receive") && !policy.branch_of(environment).empty();
}

/// Checks how ledgers are pushed, and returns the other refs.
std::vector<git::PushedRef> check_ledgers(const Invocation& invocation, const git::Repository& repository,
                                          const std::vector<git::PushedRef>& refs, Verdict& verdict) {
  deploy::BranchPolicy policy(repository, invocation.options.config_file);
  const deploy::PushedLedgers ledgers(
      repository, {.ledgers = [&] { return policy.ledgers(); },
                   .deploys_here = [&](const std::string& name) { return deploys_here(repository, policy, name); }});
  std::vector<git::PushedRef> others;
  for (const git::PushedRef& pushed : refs) {
    try {
      if (!ledgers.accept(pushed)) others.push_back(pushed);
    } catch (Error& error) {
      verdict.add(error);
    }
  }
  return others;
}

ExitCode check_change(const Invocation& invocation, const git::Revision& after,
                      const std::optional<git::ObjectId>& before) {
  Verdict verdict(invocation);
  verdict.add(
      after, deploy::validate_change({.before = before, .after = after, .config_file = invocation.options.config_file}),
      "");
  return verdict.show();
}

}  // namespace

ExitCode run_pre_commit(const Invocation& invocation) {
  const git::Repository repository = hook_repository(invocation.options);
  if (repository.is_bare()) throw usage_error("a bare repository has no index");
  // The pre-commit framework sets a range at pre-push, and with --from-ref and --to-ref.
  const std::optional<std::string> from = deploy::process_variable("PRE_COMMIT_FROM_REF");
  const std::optional<std::string> to = deploy::process_variable("PRE_COMMIT_TO_REF");
  if (from && to) {
    return check_change(invocation, git::Revision::of_commit(repository, repository.commit(*to)),
                        repository.commit(*from));
  }

  std::optional<git::ObjectId> head = repository.ref("HEAD");
  // It sets nothing for --all-files, but then nothing is staged, and everything is to be checked.
  if (head && deploy::process_variable("PRE_COMMIT") &&
      repository.staged_differences(repository.facts(*head).tree).empty()) {
    head.reset();
  }
  return check_change(invocation, git::Revision::of_index(repository), head);
}

ExitCode run_pre_push(const Invocation& invocation) {
  Verdict verdict(invocation);
  check_branches(invocation, hook_repository(invocation.options), git::outgoing_refs(hook_input()), nullptr, verdict);
  return verdict.show();
}

ExitCode run_pre_receive(const Invocation& invocation) {
  const git::Repository repository = hook_repository(invocation.options);
  const std::optional<deploy::ServerPolicy> policy = deploy::load_server_policy(repository);
  const deploy::ServerPolicy* const demanded = policy ? &*policy : nullptr;
  Verdict verdict(invocation);
  const std::vector<git::PushedRef> refs =
      check_ledgers(invocation, repository, git::received_refs(hook_input()), verdict);
  check_branches(invocation, repository, refs, demanded, verdict);
  check_commits(invocation, repository, refs, demanded, verdict);
  return verdict.show();
}

}  // namespace flowship::cli
