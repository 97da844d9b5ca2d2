#include "deploy/plan/diff.hpp"

#include "base/text/printable.hpp"
#include "deploy/guarantees/guarantee_changes.hpp"
#include "deploy/plan/changed_paths.hpp"
#include "flow/compare/compare.hpp"
#include "flow/layouts/reading.hpp"
#include "git/revision.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

namespace flowship::deploy {

namespace {

using git::Entry;

Sides sides_of_revisions(const git::Revision& before, const git::Revision& after, const git::TreeScope& scope) {
  if (before.tree() && after.tree()) {
    return sides_of_trees(after.repository(), *before.tree(), *after.tree(), scope);
  }
  return sides_of_files(before.files(scope), after.files(scope));
}

/// The flows of one revision.
struct Side {
  Side(const git::Revision& revision, const std::vector<Entry>& entries, const flow::Scope& scope)
      : name(revision.name()),
        reading(flow::read_flows(entries, scope, [&](const Entry& entry) { return revision.read(entry); })) {
    for (const flow::Flow& flow : reading.flows) sources[flow.id].push_back(&flow);
  }

  /// The flow of that id: of several, the one that lies at `path`.
  const flow::Flow* find(const std::string& id, const std::string& path) const {
    const auto found = sources.find(id);
    if (found == sources.end()) return nullptr;
    const std::vector<const flow::Flow*>& flows = found->second;
    if (flows.size() == 1) return flows.front();
    const auto at_path =
        std::find_if(flows.begin(), flows.end(), [&](const flow::Flow* flow) { return flow->source.path == path; });
    return at_path == flows.end() ? nullptr : *at_path;
  }

  /// Why a flow of either side can't be read on this one; null if it can, or isn't here.
  const flow::Problem* problem_of(const flow::Flow& flow) const {
    const flow::Flow* here = find(flow.id, flow.source.path);
    if (here != nullptr && here->complete) return nullptr;
    const auto is_of = [&](const flow::Problem& problem) {
      return here != nullptr ? problem.flow_id == flow.id
                             : problem.path == flow.source.path && problem.kind == flow::ProblemKind::syntax;
    };
    const auto found = std::find_if(reading.problems.begin(), reading.problems.end(), is_of);
    return found == reading.problems.end() ? nullptr : &*found;
  }

  std::string name;
  flow::Reading reading;
  /// By id; more than one where an id is given twice.
  std::map<std::string, std::vector<const flow::Flow*>> sources;
};

class Differences {
 public:
  Differences(const Side& before, const Side& after) : before_(before), after_(after) {}

  Diff run() {
    diff_.before = before_.name;
    diff_.after = after_.name;
    std::set<std::string> named;
    for (const Side* side : sides_) {
      for (const flow::Flow& flow : side->reading.flows) {
        if (!flow.id.empty()) named.insert(flow.source.path);
      }
    }
    std::set<std::pair<std::string, std::string>> places;
    for (const Side* side : sides_) {
      for (const flow::Flow& flow : side->reading.flows) {
        // A flow that can't be read on one side may have its id on the other.
        if (flow.id.empty() && named.contains(flow.source.path)) continue;
        // A flow that moved is one flow, unless its id is given twice.
        places.emplace(flow.id, is_given_twice(flow.id) ? flow.source.path : "");
      }
    }
    for (const auto& [id, path] : places) compare(id, before_.find(id, path), after_.find(id, path));
    return std::move(diff_);
  }

 private:
  bool is_given_twice(const std::string& id) const {
    return std::any_of(sides_.begin(), sides_.end(), [&](const Side* side) {
      const auto found = side->sources.find(id);
      return found != side->sources.end() && found->second.size() > 1;
    });
  }

  void compare(const std::string& id, const flow::Flow* old, const flow::Flow* now) {
    if (is_unreadable(id, old == nullptr ? *now : *old)) return;
    if (old != nullptr && now != nullptr && flow::same(*old, *now)) return;
    Change change;
    change.flow_id = id;
    change.action = old == nullptr ? Action::create : now == nullptr ? Action::remove : Action::update;
    change.reason = old == nullptr ? Reason::added : now == nullptr ? Reason::removed : Reason::changed;
    change.paths = paths_of((now == nullptr ? *old : *now).source);
    if (now != nullptr) change.flow = *now;
    if (old != nullptr) change.before = *old;
    diff_.changes.push_back(std::move(change));
  }

  bool is_unreadable(const std::string& id, const flow::Flow& flow) {
    for (const Side* side : sides_) {
      const flow::Problem* problem = side->problem_of(flow);
      if (problem == nullptr) continue;
      diff_.warnings.push_back("`" + printable(id) +
                               "` is not compared because it can't be read: " + printable(problem->path) + ":" +
                               std::to_string(problem->position.line) + ": " + problem->message);
      return true;
    }
    return false;
  }

  const Side& before_;
  const Side& after_;
  const std::array<const Side*, 2> sides_{&before_, &after_};
  Diff diff_;
};

}  // namespace

Diff diff(const git::Revision& before, const git::Revision& after, const Config& config,
          const std::vector<std::string>& sources) {
  flow::Scope scope{.sources = sources, .known = {}};
  const Touched files = touched(sides_of_revisions(before, after, {.prefixes = scope.sources}));
  const Side old(before, files.before, scope);
  for (const flow::Flow& flow : old.reading.flows) scope.known.insert(flow.source.path);
  const Side now(after, files.after, scope);
  Diff result = Differences(old, now).run();
  GuaranteeComparison compared =
      guarantee_changes(result.changes, config, [&] { return flow::read_flows(before, scope); });
  result.findings = guarantee_findings(compared, config);
  note_open_paths(compared.changes, result.changes);
  result.guarantees = std::move(compared.changes);
  return result;
}

Diff diff(const git::Revision& before, const git::Revision& after, const std::optional<std::string>& config_file,
          const std::string& environment) {
  const Config config = load_config(after, config_file);
  return diff(before, after, config,
              environment.empty() ? config.all_sources() : config.sources_of(config.environment(environment)));
}

}  // namespace flowship::deploy
