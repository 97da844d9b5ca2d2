#include "git/remote/signing.hpp"

#include "base/error.hpp"
#include "base/text/printable.hpp"
#include "base/text/split.hpp"
#include "git/remote/user_git.hpp"

namespace flowship::git {

namespace {

/// The line of git's that says why, else the last one that says something: verifiers explain themselves at length.
std::string verdict(const ProcessResult& result, std::chrono::milliseconds limit) {
  if (result.timed_out) return "no answer within " + std::to_string(limit.count()) + " ms";
  std::string_view last;
  for (const std::string_view line : split(result.errors, '\n')) {
    const auto has = [&](std::string_view part) { return line.find(part) != std::string_view::npos; };
    const bool is_of_git = line.starts_with("error: ") || line.starts_with("fatal: ");
    if (is_of_git || has(" has expired") || has(" has been revoked")) return printable(line);
    if (!line.empty()) last = line;
  }
  return last.empty() ? "git verify-commit refuses it" : printable(last);
}

}  // namespace

ObjectId write_signed_commit(const Repository& repository, const Repository::NewCommit& commit,
                             std::chrono::milliseconds limit) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(commit.time.time_since_epoch()).count();
  const std::string date = "@" + std::to_string(seconds) + " +0000";
  GitRun how{.time_limit = limit, .group = Command::Group::shielded};
  how.input = commit.message;
  how.environment = {{"GIT_AUTHOR_NAME", commit.author.name},
                     {"GIT_AUTHOR_EMAIL", commit.author.email},
                     {"GIT_AUTHOR_DATE", date},
                     {"GIT_COMMITTER_NAME", commit.author.name},
                     {"GIT_COMMITTER_EMAIL", commit.author.email},
                     {"GIT_COMMITTER_DATE", date}};
  std::vector<std::string> arguments = {"commit-tree", "-S", "-F", "-"};
  for (const ObjectId& parent : commit.parents) arguments.insert(arguments.end(), {"-p", parent.hex()});
  arguments.push_back(commit.tree.hex());
  const ProcessResult result = run_git(repository, arguments, how);
  const std::optional<ObjectId> written = ObjectId::from_hex(result.output.substr(0, result.output.find('\n')));
  if (result.status == 0 && written && repository.facts(*written).is_signed) return *written;
  throw Error(
      "an entry of the ledger could not be signed: " + verdict(result, limit),
      "git signs with `user.signingKey` in the format that `gpg.format` names; to try it: git commit-tree -S -m "
      "test HEAD^{tree}");
}

std::optional<BadSignature> bad_signature(const Repository& repository, const ObjectId& commit,
                                          std::chrono::milliseconds limit) {
  GitRun how{.time_limit = limit};
  // A replaced commit would be verified in place of the one that flowship reads.
  how.environment = {{"GIT_NO_REPLACE_OBJECTS", "1"}};
  const ProcessResult result = run_git(repository, {"verify-commit", commit.hex()}, how);
  if (result.status == 0) return std::nullopt;
  return BadSignature{.why = verdict(result, limit),
                      .without_signers = result.errors.find("gpg.ssh.allowedSignersFile") != std::string::npos};
}

}  // namespace flowship::git
