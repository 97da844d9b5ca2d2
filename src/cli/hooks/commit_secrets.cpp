#include "cli/hooks/commit_secrets.hpp"

#include "base/error.hpp"
#include "base/files/path.hpp"
#include "check/engine/check.hpp"
#include "deploy/config/ledger_refs.hpp"
#include "deploy/plan/checks/check_scope.hpp"
#include "flow/layouts/discovery.hpp"
#include "git/remote/pushed_refs.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

namespace flowship::cli {

namespace {

/// Whether it is a flowship.json, also one by another name, such as `staging.flowship.json`.
bool is_config(std::string_view path) { return name_of(path).ends_with(deploy::kConfigFile); }

/// flowship.json, and what any scope has as a source.
git::TreeScope searched_scope(const std::vector<deploy::CheckScope>& scopes) {
  git::TreeScope all{.prefixes = {deploy::kConfigFile}};
  for (const deploy::CheckScope& scope : scopes) {
    if (scope.sources.empty()) return {};
    all.prefixes.insert(all.prefixes.end(), scope.sources.begin(), scope.sources.end());
  }
  return all;
}

/// The files that a commit changes compared with each of its parents.
class Changes {
 public:
  Changes(const git::Repository& repository, git::TreeScope scope)
      : repository_(repository), scope_(std::move(scope)) {}

  std::vector<git::Entry> of(const git::NewCommit& commit) {
    const git::ObjectId tree = tree_of(commit.id);
    const git::ObjectId before = commit.parents.empty() ? git::ObjectId() : tree_of(commit.parents.front());
    std::vector<git::Entry> files;
    for (git::TreeDifference& difference : repository_.differences(before, tree, scope_)) {
      if (!difference.after || difference.after->kind != git::EntryKind::file) continue;
      if (!difference.after->path.ends_with(".json") || is_of_other_parent(*difference.after, commit)) continue;
      files.push_back(std::move(*difference.after));
    }
    return files;
  }

 private:
  git::ObjectId tree_of(const git::ObjectId& commit) {
    const auto known = trees_.find(commit);
    if (known != trees_.end()) return known->second;
    return trees_.emplace(commit, repository_.facts(commit).tree).first->second;
  }

  bool is_of_other_parent(const git::Entry& file, const git::NewCommit& commit) {
    return commit.parents.size() > 1 &&
           std::any_of(commit.parents.begin() + 1, commit.parents.end(), [&](const git::ObjectId& parent) {
             return repository_.at(tree_of(parent), file.path) == file.id;
           });
  }

  const git::Repository& repository_;
  git::TreeScope scope_;
  std::map<git::ObjectId, git::ObjectId> trees_;
};

/// The secrets in one file; nothing for a file that is neither a flow's nor a flowship.json.
std::vector<check::Finding> secrets_in(const git::Repository& repository, const git::Entry& file,
                                       const check::Settings& settings) {
  const bool is_snapshot = flow::may_be_of_snapshot(file.path);
  const SizeLimit& limit = is_config(file.path) ? kConfigLimit : kFlowFileLimit;
  const std::uintmax_t size = repository.blob_size(file.id);
  if (file.path != deploy::kConfigFile && !is_snapshot && size > limit.bytes) return {};
  limit.expect(file.path, size);
  const std::string text = repository.blob(file.id);
  if (is_config(file.path)) return check::check_config_secrets(text, file.path, settings);
  if (!is_snapshot && !flow::has_sign_of_a_flow(text)) return {};
  const std::string id = is_snapshot ? std::string(name_of(folder_of(file.path))) : std::string();
  return check::check_secrets(text, file.path, id, settings);
}

}  // namespace

std::vector<LeakingCommit> CommitSecrets::search(const git::ObjectId& tip, const deploy::Config& config) {
  const std::vector<deploy::CheckScope> scopes = deploy::check_scopes(config, policy_);
  const check::Settings settings = policy_ == nullptr ? config.check : policy_->tightened(config.check);
  Changes changes(repository_, searched_scope(scopes));
  std::vector<LeakingCommit> leaking;
  // What only a ledger leads to was never searched.
  static const std::vector<std::string> kLedgers{std::string(deploy::kLedgerRefs),
                                                 std::string(deploy::kLedgerBranches)};
  for (const git::NewCommit& commit : git::new_commits(repository_, tip, kLedgers)) {
    if (found_ >= kMostFindings) break;
    if (!searched_.insert(commit.id).second) continue;
    LeakingCommit leak{.commit = commit.id, .findings = {}};
    try {
      for (const git::Entry& file : changes.of(commit)) {
        if (clean_.contains(file.id)) continue;
        std::vector<check::Finding> found = secrets_in(repository_, file, settings);
        if (found.empty()) clean_.insert(file.id);
        std::erase_if(found, [](const auto& finding) { return finding.severity != check::Severity::error; });
        std::move(found.begin(), found.end(), std::back_inserter(leak.findings));
      }
    } catch (Error& error) {
      throw error.within("commit " + commit.id.hex());
    }
    found_ += leak.findings.size();
    if (!leak.findings.empty()) leaking.push_back(std::move(leak));
  }
  return leaking;
}

}  // namespace flowship::cli
