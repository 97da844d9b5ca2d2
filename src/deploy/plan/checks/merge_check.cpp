#include "deploy/plan/checks/merge_check.hpp"

#include "base/error.hpp"
#include "base/files/path.hpp"
#include "check/engine/merge_faults.hpp"
#include "deploy/config/config.hpp"
#include "deploy/plan/checks/check_scope.hpp"
#include "deploy/plan/flow_index.hpp"
#include "flow/merge/merge.hpp"
#include "json/compare.hpp"

#include <algorithm>
#include <iterator>
#include <memory>
#include <set>
#include <utility>

namespace flowship::deploy {

namespace {

const flow::Screen* screen_in_file(const flow::Flow& flow, const std::string& file_name) {
  const auto found = std::find_if(flow.screens.begin(), flow.screens.end(),
                                  [&](const flow::Screen& screen) { return screen.file_name == file_name; });
  return found == flow.screens.end() ? nullptr : &*found;
}

bool is_same(const flow::Screen* screen, const flow::Screen* other) {
  if (screen == nullptr || other == nullptr) return screen == other;
  return json::equal(screen->at, other->at);
}

/// Leaves a snapshot with the screens that git leaves it with, which merges each file by itself.
void take_screens_by_file(flow::Flow& merged, const flow::Flow& base, const flow::Flow& ours,
                          const flow::Flow& theirs) {
  if (ours.source.layout != flow::Layout::snapshot || theirs.source.layout != flow::Layout::snapshot) return;
  std::vector<flow::Screen> screens;
  for (const flow::Flow* side : {&ours, &theirs}) {
    for (const flow::Screen& screen : side->screens) {
      const flow::Screen* our_screen = screen_in_file(ours, screen.file_name);
      if (side == &theirs && our_screen != nullptr) continue;
      const flow::Screen* their_screen = screen_in_file(theirs, screen.file_name);
      const flow::Screen* old_screen = screen_in_file(base, screen.file_name);
      const flow::Screen* kept = our_screen;
      if (is_same(our_screen, old_screen)) {
        kept = their_screen;
      } else if (!is_same(their_screen, old_screen)) {
        const flow::Screen* both = flow::find_screen(merged, screen.id);
        kept = both == nullptr ? &screen : both;
      }
      if (kept != nullptr) screens.push_back(*kept);
    }
  }
  merged.screens = std::move(screens);
  for (const flow::Flow* side : {&ours, &theirs}) {
    merged.documents.insert(merged.documents.end(), side->documents.begin(), side->documents.end());
  }
}

/// The flows that the merge makes of those of both sides.
class MergedFlows final : public check::FlowLookup {
 public:
  MergedFlows(const FlowIndex* base, const FlowIndex& ours, const FlowIndex& theirs)
      : base_(base), ours_(ours), theirs_(theirs) {}

  std::optional<flow::Flow> find(const std::string& flow_id) const override {
    std::optional<flow::Flow> ours = ours_.find(flow_id);
    std::optional<flow::Flow> theirs = theirs_.find(flow_id);
    std::optional<flow::Flow> base = base_ == nullptr ? std::nullopt : base_->find(flow_id);
    if (ours && theirs) {
      const flow::Flow old = base.value_or(flow::Flow());
      flow::Flow merged = flow::merge(old, *ours, *theirs).flow;
      take_screens_by_file(merged, old, *ours, *theirs);
      return merged;
    }
    // Removed by one side, or added by it.
    if (base) return std::nullopt;
    return ours ? std::move(ours) : std::move(theirs);
  }

 private:
  const FlowIndex* base_;
  const FlowIndex& ours_;
  const FlowIndex& theirs_;
};

/// The flows of one scope in all revisions that git merges.
class FlowsOfSides {
 public:
  FlowsOfSides(const git::MergedRevisions& revisions, const flow::Scope& scope, const std::string& path)
      : revisions_(revisions), ours_(revisions_.ours, scope), theirs_(revisions_.theirs, scope) {
    if (revisions_.base) base_.emplace(*revisions_.base, scope);
    const std::string folder(folder_of(path));
    for (FlowIndex* index : {base_ ? &*base_ : nullptr, &ours_, &theirs_}) {
      if (index == nullptr) continue;
      // The folders of snapshots beside this one, and beside this file.
      index->look_first_in(std::string(folder_of(folder)));
      index->look_first_in(folder);
    }
    merged_.emplace(base_ ? &*base_ : nullptr, ours_, theirs_);
  }
  FlowsOfSides(const FlowsOfSides&) = delete;
  FlowsOfSides& operator=(const FlowsOfSides&) = delete;

  check::FlowsBeside of(std::optional<flow::Side> side) const {
    if (!side) return {*merged_, [this](const std::string& flow_id) { return merged_users(flow_id); }};
    const FlowIndex& index = *side == flow::Side::ours ? ours_ : theirs_;
    return {index, [&index](const std::string& flow_id) { return index.running({flow_id}).flows; }};
  }

 private:
  std::vector<flow::Flow> merged_users(const std::string& flow_id) const {
    std::set<std::string> ids;
    for (const FlowIndex* side : {&ours_, &theirs_}) {
      for (const auto& [id, files] : side->may_run({flow_id})) ids.insert(id);
    }
    ids.erase(flow_id);
    std::vector<flow::Flow> users;
    for (const std::string& id : ids) {
      if (std::optional<flow::Flow> user = merged_->find(id)) users.push_back(std::move(*user));
    }
    return users;
  }

  const git::MergedRevisions revisions_;
  std::optional<FlowIndex> base_;
  FlowIndex ours_;
  FlowIndex theirs_;
  std::optional<MergedFlows> merged_;
};

/// The scopes of ours that report findings of the file.
std::vector<CheckScope> scopes_of(const git::Repository& repository, const std::string& path,
                                  const std::optional<std::string>& config_file) {
  std::vector<CheckScope> scopes;
  try {
    scopes = check_scopes(load_config(git::Revision::of_index(repository), config_file), nullptr);
  } catch (const Error&) {
    // What is wrong with it is told by every other command.
    return {};
  }
  std::erase_if(scopes, [&](const CheckScope& scope) {
    return !flow::Scope{.sources = scope.sources, .known = {}}.covers(path);
  });
  return scopes;
}

/// Finds the flows that git merges when they are first asked for.
check::FindFlowsBeside flows_beside(const git::Repository& repository, const std::string& path, flow::Scope scope,
                                    FindRevisions find_revisions) {
  return [&repository, path, scope = std::move(scope), find_revisions = std::move(find_revisions),
          flows = std::make_shared<std::optional<FlowsOfSides>>()](std::optional<flow::Side> side) {
    if (!*flows) {
      const std::vector<git::MergedRevisions>& found = find_revisions();
      const git::Revision index = git::Revision::of_index(repository);
      flows->emplace(found.empty() ? git::MergedRevisions{index, index, index} : found.front(), scope, path);
    }
    return (*flows)->of(side);
  };
}

flow::FaultsOf together(std::vector<flow::FaultsOf> all) {
  return [all = std::move(all)](const json::DocumentPtr& document, std::optional<flow::Side> side) {
    std::vector<flow::MergeFault> faults;
    for (const flow::FaultsOf& faults_of : all) {
      std::vector<flow::MergeFault> found = faults_of(document, side);
      std::move(found.begin(), found.end(), std::back_inserter(faults));
    }
    return faults;
  };
}

}  // namespace

flow::FaultsOfRole merge_faults(const git::Repository& repository, const std::string& path,
                                const std::optional<std::string>& config_file, const FindRevisions& find_revisions) {
  std::vector<check::MergeCheck> checks;
  for (CheckScope& scope : scopes_of(repository, path, config_file)) {
    checks.push_back(
        {std::move(scope.settings), path,
         flows_beside(repository, path, {.sources = std::move(scope.sources), .known = {}}, find_revisions)});
  }
  // No source has the file: the rules as they are.
  if (checks.empty()) checks.emplace_back();
  return [checks = std::move(checks)](flow::Role role) {
    std::vector<flow::FaultsOf> all;
    for (const check::MergeCheck& each : checks) all.push_back(check::merge_faults(role, each));
    return together(std::move(all));
  };
}

}  // namespace flowship::deploy
