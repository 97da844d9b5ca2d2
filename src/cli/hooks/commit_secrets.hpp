#pragma once

#include "check/findings/finding.hpp"
#include "deploy/config/config.hpp"
#include "deploy/config/server_policy.hpp"
#include "git/repository.hpp"

#include <set>
#include <string>
#include <vector>

namespace flowship::cli {

/// A commit that adds secrets.
struct LeakingCommit {
  git::ObjectId commit;
  /// Errors only.
  std::vector<check::Finding> findings;
};

/// Looks for secrets in the flows' files and the flowship.json of every new commit of a push: what the last commit
/// removes stays in the history, where everybody can read it. Reads the files that a commit changes, and each blob
/// once.
class CommitSecrets {
 public:
  /// More findings than that are not looked for.
  static constexpr std::size_t kMostFindings = 100;

  /// The repository and the policy, which may be null, must outlive it.
  CommitSecrets(const git::Repository& repository, const deploy::ServerPolicy* policy)
      : repository_(repository), policy_(policy) {}

  /// The new commits that lead to `tip` and have not been searched yet. `config` is that of the tip.
  std::vector<LeakingCommit> search(const git::ObjectId& tip, const deploy::Config& config);

 private:
  const git::Repository& repository_;
  const deploy::ServerPolicy* policy_;
  std::set<git::ObjectId> searched_;
  /// Blobs without a secret.
  std::set<git::ObjectId> clean_;
  std::size_t found_ = 0;
};

}  // namespace flowship::cli
