#include "deploy/plan/checks/change_check.hpp"

#include "base/error.hpp"
#include "base/files/path.hpp"
#include "check/engine/check.hpp"
#include "deploy/ledger/ledger.hpp"
#include "deploy/plan/changed_paths.hpp"
#include "deploy/plan/checks/check_scope.hpp"
#include "deploy/plan/checks/flow_check.hpp"
#include "deploy/plan/checks/id_conflicts.hpp"
#include "deploy/plan/flow_index.hpp"
#include "flow/layouts/reading.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

namespace flowship::deploy {

namespace {

using git::Entry;

const std::string& path_of(const git::TreeDifference& difference) {
  return difference.before ? difference.before->path : difference.after->path;
}

/// The folders of a tree with differences applied to them: those of the index, without reading the whole index.
ListFolder folders_with(ListFolder tree, const std::vector<git::TreeDifference>& differences) {
  std::map<std::string, std::vector<git::TreeDifference>> by_folder;
  for (const git::TreeDifference& difference : differences) {
    by_folder[std::string(folder_of(path_of(difference)))].push_back(difference);
  }
  return [tree = std::move(tree), by_folder = std::move(by_folder)](const std::string& folder) {
    std::vector<Entry> files = tree(folder);
    const auto changed = by_folder.find(folder);
    if (changed == by_folder.end()) return files;
    for (const git::TreeDifference& difference : changed->second) {
      std::erase_if(files, [&](const Entry& file) { return file.path == path_of(difference); });
      if (difference.after) files.push_back(*difference.after);
    }
    std::sort(files.begin(), files.end(), [](const Entry& a, const Entry& b) { return a.path < b.path; });
    return files;
  };
}

/// Checks one change, in the order of `run`.
class ChangeCheck {
 public:
  ChangeCheck(const git::Revision& before, const git::Revision& after, const Config& config, const CheckScope& part,
              const Sides& sides)
      : before_(before),
        after_(after),
        config_(config),
        part_(part),
        scope_{.sources = part.sources, .known = {}},
        old_flows_(before, scope_),
        new_flows_(after, scope_),
        files_(touched(sides)) {}

  Validated run() {
    const flow::Reading was = read(before_, files_.before, scope_);
    flow::Scope scope = scope_;
    scope.known = deployed_sources(after_.repository(), config_, files_.after);
    for (const flow::Flow& flow : was.flows) scope.known.insert(flow.source.path);
    flow::Reading is = read(after_, files_.after, scope);
    look_around(is, new_flows_);
    if (has_new_id(was, is)) add_id_conflicts(new_flows_, is);
    Validated validated;
    const std::vector<Entry> users = users_of(was, is);
    if (users.empty()) {
      note_flows(is, validated);
      validated.findings = check::check(is, part_.settings, &new_flows_);
    } else {
      check_with_users(users, scope, validated);
    }
    for (check::Finding& finding : errors_of_set(is, validated.findings, config_, part_, new_flows_)) {
      validated.findings.push_back(std::move(finding));
    }
    std::erase_if(validated.findings, [this](const check::Finding& finding) { return !part_.reports(finding.path); });
    return validated;
  }

 private:
  static flow::Reading read(const git::Revision& revision, const std::vector<Entry>& entries,
                            const flow::Scope& scope) {
    return flow::read_flows(entries, scope, [&](const Entry& entry) { return revision.read(entry); });
  }

  static void look_around(const flow::Reading& reading, FlowIndex& flow_index) {
    for (const flow::Flow& flow : reading.flows) flow_index.look_first_in(std::string(folder_of(flow.source.path)));
  }

  static bool has_new_id(const flow::Reading& was, const flow::Reading& is) {
    std::set<std::string> old;
    for (const flow::Flow& flow : was.flows) old.insert(flow.id);
    return std::any_of(is.flows.begin(), is.flows.end(),
                       [&](const flow::Flow& flow) { return !old.contains(flow.id); });
  }

  /// The flows that are gone, or that offer fewer shared interactions than before.
  static std::set<std::string> shrunken(const flow::Reading& was, const flow::Reading& is) {
    std::set<std::string> ids;
    for (const flow::Flow& flow : was.flows) {
      const auto now = std::find_if(is.flows.begin(), is.flows.end(),
                                    [&](const flow::Flow& candidate) { return candidate.id == flow.id; });
      const std::set<std::string> offered = check::summary_of(flow).shared_interactions;
      const std::set<std::string> left =
          now == is.flows.end() ? std::set<std::string>() : check::summary_of(*now).shared_interactions;
      if (now == is.flows.end() || !std::includes(left.begin(), left.end(), offered.begin(), offered.end())) {
        ids.insert(flow.id);
      }
    }
    return ids;
  }

  /// The files of the flows that the change does not touch and that may run one that matters to them: one that is gone
  /// or offers less, and for policies every one that was touched.
  std::vector<Entry> users_of(const flow::Reading& was, const flow::Reading& is) const {
    std::set<std::string> ids = shrunken(was, is);
    const bool has_policies = !part_.settings.policies.empty();
    if (has_policies) {
      for (const flow::Reading* side : {&was, &is}) {
        for (const flow::Flow& flow : side->flows) ids.insert(flow.id);
      }
    }
    if (ids.empty()) return {};
    std::set<std::string> touched_paths;
    for (const Entry& entry : files_.after) touched_paths.insert(entry.path);
    std::vector<Entry> users;
    for (auto& [id, files] : has_policies ? new_flows_.may_run(ids) : new_flows_.naming(ids)) {
      const bool is_touched =
          std::any_of(files.begin(), files.end(), [&](const Entry& file) { return touched_paths.contains(file.path); });
      if (!is_touched) std::move(files.begin(), files.end(), std::back_inserter(users));
    }
    return users;
  }

  void note_flows(const flow::Reading& reading, Validated& validated) const {
    for (const flow::Flow& flow : reading.flows) {
      if (part_.reports(flow.source.path)) validated.sources.insert(flow.source.path);
    }
  }

  /// The users' files are equal on both sides, so findings in them that are new were caused by the change.
  void check_with_users(const std::vector<Entry>& users, const flow::Scope& scope, Validated& validated) {
    std::vector<Entry> old_files = files_.before;
    old_files.insert(old_files.end(), users.begin(), users.end());
    std::vector<Entry> new_files = files_.after;
    new_files.insert(new_files.end(), users.begin(), users.end());
    const flow::Reading was = read(before_, old_files, scope_);
    flow::Reading is = read(after_, new_files, scope);
    look_around(was, old_flows_);
    look_around(is, new_flows_);
    add_id_conflicts(new_flows_, is);
    const auto key = [](const check::Finding& finding) {
      // A policy may be violated by another path than before.
      const bool is_of_policy = !finding.subject.empty();
      return std::tuple(finding.rule, finding.path, finding.subject, is_of_policy ? 0 : finding.line,
                        is_of_policy ? 0 : finding.column, is_of_policy ? std::string() : finding.message);
    };
    std::set<decltype(key(check::Finding()))> known;
    for (const check::Finding& finding : check::check(was, part_.settings, &old_flows_)) known.insert(key(finding));
    std::set<std::string> user_paths;
    for (const Entry& entry : users) user_paths.insert(entry.path);
    note_flows(is, validated);
    validated.findings = check::check(is, part_.settings, &new_flows_);
    std::erase_if(validated.findings, [&](const check::Finding& finding) {
      return user_paths.contains(finding.path) && known.contains(key(finding));
    });
  }

  const git::Revision& before_;
  const git::Revision& after_;
  const Config& config_;
  const CheckScope& part_;
  const flow::Scope scope_;
  FlowIndex old_flows_;
  FlowIndex new_flows_;
  Touched files_;
};

bool touches(const std::vector<git::TreeDifference>& differences, const std::string& path) {
  return std::any_of(differences.begin(), differences.end(),
                     [&](const git::TreeDifference& difference) { return path_of(difference) == path; });
}

std::vector<git::TreeDifference> differences(const git::Revision& before, const git::Revision& after) {
  const git::Repository& repository = after.repository();
  return after.tree() ? repository.differences(*before.tree(), *after.tree())
                      : repository.staged_differences(*before.tree());
}

/// What is checked and how, so that a difference concerns every flow.
auto looks(const Config& config) {
  std::map<std::string, std::pair<std::vector<std::string>, flow::Overrides>> deployed;
  for (const auto& [name, environment] : config.environments) {
    deployed[name] = {config.sources_of(environment), environment.overrides};
  }
  return std::pair(deployed, config.check);
}

/// Whether sources, overrides or rules differ.
bool looks_otherwise(const git::Revision& before, const Config& config) {
  try {
    return looks(load_config(before, std::nullopt)) != looks(config);
  } catch (const Error&) {
    return true;
  }
}

/// The sides without what the scope does not cover.
Sides sides_in(const Sides& all, const CheckScope& part, const git::Revision& after) {
  const flow::Scope scope{.sources = part.sources, .known = {}};
  Sides sides = all;
  std::erase_if(sides.differences,
                [&](const git::TreeDifference& difference) { return !scope.covers(path_of(difference)); });
  sides.after =
      after.tree() ? folders_of(after.repository(), *after.tree()) : folders_with(sides.before, sides.differences);
  return sides;
}

}  // namespace

Validated validate_change(const ChangeToCheck& change) {
  const auto whole = [&change](const Config& config) { return validate(change.after, config, {}, change.policy); };
  if (!change.before) return whole(load_config(change.after, change.config_file));
  const git::Repository& repository = change.after.repository();
  const git::Revision before = git::Revision::of_commit(repository, *change.before);
  const Sides sides{
      .differences = differences(before, change.after), .before = folders_of(repository, *before.tree()), .after = {}};
  const bool other_config = !change.config_file && touches(sides.differences, kConfigFile);
  // Unchanged, it is read from the tree: a tree is read in part, an index only as a whole.
  const Config config = load_config(other_config ? change.after : before, change.config_file);
  if (other_config && looks_otherwise(before, config)) return whole(config);
  Validated validated;
  for (const CheckScope& part : check_scopes(config, change.policy)) {
    add(validated, ChangeCheck(before, change.after, config, part, sides_in(sides, part, change.after)).run());
  }
  return validated;
}

}  // namespace flowship::deploy
