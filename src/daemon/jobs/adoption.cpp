#include "daemon/jobs/adoption.hpp"

#include "base/error.hpp"
#include "check/rules/secrets.hpp"
#include "daemon/jobs/job_workspace.hpp"
#include "deploy/pull/adopted_commit.hpp"
#include "git/branch.hpp"
#include "git/remote/transport.hpp"
#include "git/remote/user_git.hpp"

#include <exception>

namespace flowship::daemon {

namespace {

/// Somebody waits for the page.
constexpr std::chrono::seconds kLongestPush{30};
constexpr std::chrono::seconds kLongestRateLimit{10};

std::string patch_of(const git::Repository& repository, const git::ObjectId& commit) {
  const ProcessResult done = git::run_git(repository, {"format-patch", "-1", "--stdout", commit.hex()});
  if (done.status != 0) throw Error("git can't write the patch: " + git::complaint(done));
  return done.output;
}

Adoption pushed_or_patch(const JobWorkspace& opened, const std::string& flow_id, const git::ObjectId& commit) {
  Adoption adoption;
  adoption.branch = "adopt/" + opened.workspace.environment.name + "/" + flow_id + "-" + commit.abbreviated();
  try {
    if (git::push_ref(opened.repository, "origin", git::ref_of_branch(adoption.branch), std::nullopt, commit,
                      kLongestPush)) {
      adoption.outcome = Adoption::Outcome::pushed;
      return adoption;
    }
    adoption.why = "the branch exists already";
  } catch (const Error& error) {
    adoption.why = check::with_message_masked(error.message());
  }
  adoption.outcome = Adoption::Outcome::patch;
  adoption.patch = patch_of(opened.repository, commit);
  return adoption;
}

Adoption adopt(JobWorkspace& opened, const Target& target, const std::string& flow_id) {
  deploy::Connection connection = opened.options().connection;
  connection.retry.longest_wait = kLongestRateLimit;
  const deploy::AdoptedCommit adopted =
      deploy::adopted_commit(opened.workspace, target.commit, flow_id, connection, opened.context());
  Adoption adoption;
  if (adopted.commit) {
    adoption = pushed_or_patch(opened, flow_id, *adopted.commit);
  } else if (adopted.conflict) {
    adoption.why = adopted.conflict->reason + "; " + adopted.conflict->hint;
  } else {
    adoption.why = "the repository has these edits already";
  }
  adoption.warnings = adopted.warnings;
  return adoption;
}

}  // namespace

Adoption adopt_flow(const Target& target, const std::string& flow_id, const JobContext& job_context) {
  Adoption failed;
  try {
    const auto in_use = job_context.mirror.in_use();
    JobWorkspace opened(target, job_context);
    return adopt(opened, target, flow_id);
  } catch (const Error& error) {
    failed.why = check::with_message_masked(error.message());
  } catch (const std::exception& error) {
    failed.why = std::string("unexpected error: ") + error.what();
  }
  return failed;
}

}  // namespace flowship::daemon
