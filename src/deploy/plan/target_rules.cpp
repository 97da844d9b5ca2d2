#include "deploy/plan/target_rules.hpp"

#include "base/text/printable.hpp"
#include "deploy/config/command_hint.hpp"
#include "deploy/plan/flow_index.hpp"
#include "flow/layouts/layouts.hpp"
#include "git/branch.hpp"
#include "git/remote/transport.hpp"

#include <algorithm>

namespace flowship::deploy {

namespace {

/// Where the environment's branch is, at the ledger's remote if there is one, else here.
std::optional<git::ObjectId> tip_of_branch(const Workspace& workspace, std::chrono::milliseconds git_limit) {
  const Environment& environment = workspace.environment;
  if (environment.branch.empty()) return std::nullopt;
  const std::string ref = git::ref_of_branch(environment.branch);
  if (environment.ledger_remote.empty()) return workspace.repository.ref(ref);
  return git::remote_ref(workspace.repository, environment.ledger_remote, ref, git_limit);
}

/// Whether the environment's branch has the commit, here or at the ledger's remote.
bool is_on_branch(const Workspace& workspace, const git::ObjectId& commit, std::chrono::milliseconds git_limit) {
  const git::Repository& repository = workspace.repository;
  const auto has = [&](const std::optional<git::ObjectId>& tip) {
    return tip && (*tip == commit || repository.descends(*tip, commit) == true);
  };
  const Environment& environment = workspace.environment;
  if (has(repository.ref(git::ref_of_branch(environment.branch)))) return true;
  if (environment.ledger_remote.empty()) return false;
  // The tip may not have been fetched yet.
  return has(repository.ref("refs/remotes/" + environment.ledger_remote + "/" + environment.branch)) ||
         has(tip_of_branch(workspace, git_limit));
}

std::optional<Time> commit_time(const git::Repository& repository, const git::ObjectId& commit) {
  return repository.has(commit) ? std::optional(repository.facts(commit).time) : std::nullopt;
}

/// Compares a target with the branch's tip and with what is deployed.
class Age {
 public:
  Age(const Workspace& workspace, const git::ObjectId& target, std::optional<git::ObjectId> tip,
      const std::optional<LedgerEntry>& last)
      : workspace_(workspace), target_(target), tip_(tip) {
    if (!last) return;
    deployed_ = git::ObjectId::from_hex(last->record.target);
    deployed_time_ = last->record.committed;
  }

  std::optional<std::string> what_is_newer() const {
    if (tip_ == target_) return std::nullopt;
    const std::string branch = "`" + printable(workspace_.environment.branch) + "`";
    const std::optional<bool> is_before_tip = is_before(tip_);
    if (is_before_tip == true) return branch + " is at " + tip_->abbreviated() + " by now";
    const std::optional<bool> is_before_deployed = is_before(deployed_);
    if (is_before_deployed == true) return deployed_->abbreviated() + ", a later commit, is deployed";
    if (is_before_tip && is_before_deployed) return std::nullopt;
    // The history is missing.
    if (tip_ && deployed_ == tip_) return deployed_->abbreviated() + ", the tip of " + branch + ", is deployed";
    const std::optional<Time> time = commit_time(workspace_.repository, target_);
    if (deployed_ && deployed_ != target_ && deployed_time_ && time && *deployed_time_ > *time) {
      return deployed_->abbreviated() + ", a later commit, is deployed";
    }
    return std::nullopt;
  }

 private:
  /// Nothing where the history is missing.
  std::optional<bool> is_before(const std::optional<git::ObjectId>& commit) const {
    return commit ? workspace_.repository.descends(*commit, target_) : std::optional(false);
  }

  const Workspace& workspace_;
  const git::ObjectId target_;
  const std::optional<git::ObjectId> tip_;
  std::optional<git::ObjectId> deployed_;
  std::optional<Time> deployed_time_;
};

std::string names_of(const std::vector<std::string>& paths) {
  constexpr std::size_t kMost = 3;
  std::string text;
  for (std::size_t number = 0; number < std::min(paths.size(), kMost); ++number) {
    text += (number == 0 ? "" : ", ") + printable(paths[number]);
  }
  if (paths.size() > kMost) text += " and " + std::to_string(paths.size() - kMost) + " more";
  return text;
}

/// Whether flowship.json in the working tree has other bytes than the revision's; git decides whether it has changed.
bool may_be_uncommitted(const Workspace& workspace) {
  try {
    return workspace.repository.worktree_file_if_there(kConfigFile) != workspace.revision.read_path(kConfigFile);
  } catch (const Error&) {
    return true;
  }
}

}  // namespace

std::string target_options(const std::optional<TargetRules>& rules, const std::string& revision) {
  if (!rules) return {};
  return joined_options(
      joined_options(rules->is_head ? "" : "--rev " + shell_word(revision), rules->any_branch ? "--any-branch" : ""),
      rules->allow_older ? "--allow-older" : "");
}

std::optional<Error> wrong_branch(const Workspace& workspace, const TargetRules& rules,
                                  std::chrono::milliseconds git_limit) {
  const Environment& environment = workspace.environment;
  if (rules.any_branch || environment.branch.empty() || workspace.repository.is_bare()) return std::nullopt;
  const std::optional<std::string> here = workspace.repository.head_branch();
  if (!here || *here == git::ref_of_branch(environment.branch)) return std::nullopt;
  const std::string branch = "`" + printable(environment.branch) + "`";
  std::string why = "`" + printable(git::branch_of_ref(*here).value_or(*here)) + "` is checked out";
  if (!rules.is_head) {
    const std::optional<git::ObjectId> target = git::ObjectId::from_hex(workspace.revision.name());
    if (target && is_on_branch(workspace, *target, git_limit)) return std::nullopt;
    if (target) why += ", and " + target->abbreviated() + " is not on " + branch;
  }
  return Error("`" + environment.name + "` is deployed from branch " + branch + ", but " + why + "; nothing was sent",
               "check out " + branch + ", or pass --any-branch");
}

std::optional<std::string> superseded(const Workspace& workspace, const std::optional<LedgerEntry>& last,
                                      std::chrono::milliseconds git_limit) {
  const std::optional<git::ObjectId> target = git::ObjectId::from_hex(workspace.revision.name());
  if (!target || workspace.from_ledger) return std::nullopt;
  return Age(workspace, *target, tip_of_branch(workspace, git_limit), last).what_is_newer();
}

Error older_target(const Workspace& workspace, const std::string& why) {
  return Error(git::ObjectId::from_hex(workspace.revision.name())->abbreviated() + " is an older commit: " + why +
                   "; nothing was sent",
               "deploy the newest commit, or pass --allow-older; " +
                   command_hint("rollback", workspace.environment.name_in_commands()) +
                   " goes back to an earlier deployment");
}

std::optional<std::string> uncommitted_config(const Workspace& workspace) {
  const git::Repository& repository = workspace.repository;
  if (repository.is_bare() || !may_be_uncommitted(workspace)) return std::nullopt;
  const std::string file = kConfigFile;
  if (repository.uncommitted({file}, git::Repository::Ignored::left_out).empty()) return std::nullopt;
  if (workspace.revision.read_path(file))
    return file + " has uncommitted changes, which don't count until they are committed";
  return file + " is not committed, so it doesn't count: this is the environment `" + workspace.environment.name +
         "` of the variables; commit it first";
}

std::optional<std::string> uncommitted_flows(const Workspace& workspace) {
  const git::Repository& repository = workspace.repository;
  if (repository.is_bare()) return std::nullopt;
  std::vector<std::string> places = workspace.config.sources;
  if (places.empty()) places.emplace_back(".");
  std::vector<std::string> changed = repository.uncommitted(places, git::Repository::Ignored::left_out);
  if (changed.empty()) return std::nullopt;
  const FlowIndex index(workspace.revision, {.sources = workspace.config.sources, .known = {}});
  std::set<std::string> sources;
  for (const auto& [id, paths] : index.sources()) sources.insert(paths.begin(), paths.end());
  std::erase_if(changed, [&](const std::string& path) {
    if (!path.ends_with(".json") || path == kConfigFile) return true;
    return workspace.config.sources.empty() && !sources.contains(flow::source_of(path)) &&
           !path.ends_with("/contents.json");
  });
  if (changed.empty()) return std::nullopt;
  return "uncommitted changes of flows are not deployed: " + names_of(changed);
}

}  // namespace flowship::deploy
