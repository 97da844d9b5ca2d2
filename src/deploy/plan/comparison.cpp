#include "deploy/plan/comparison.hpp"

#include "base/files/path.hpp"
#include "deploy/ledger/deployed_flows.hpp"
#include "deploy/plan/changed_paths.hpp"
#include "flow/layouts/layouts.hpp"

#include <algorithm>
#include <set>

namespace flowship::deploy {

namespace {

using git::Entry;

Sides sides_of(const ComparisonInputs& inputs, const git::ObjectId& deployed) {
  const git::Repository& repository = inputs.repository;
  const git::TreeScope scope{.prefixes = inputs.config.sources};
  // Flows that lie outside of what is looked at now were deployed when it was set otherwise.
  const bool moved_scope = inputs.head && inputs.head->record.sources != inputs.config.sources;
  if (inputs.revision.tree() && !inputs.everything && !moved_scope) {
    return {.differences = repository.differences(deployed, *inputs.revision.tree(), scope),
            .before = folders_of(repository, deployed),
            .after = folders_of(repository, *inputs.revision.tree())};
  }
  const std::vector<Entry> before = deployed.is_zero() ? std::vector<Entry>() : repository.files(deployed);
  const std::vector<Entry> after = inputs.revision.files(scope);
  Sides sides;
  if (inputs.everything) {
    for (const Entry& file : before) sides.differences.push_back({.before = file, .after = {}});
    for (const Entry& file : after) sides.differences.push_back({.before = {}, .after = file});
  } else {
    sides.differences = differences(before, after);
  }
  sides.before = folders_of(before);
  sides.after = folders_of(after);
  return sides;
}

}  // namespace

Comparison compare(const ComparisonInputs& inputs) {
  const git::ObjectId deployed = inputs.head ? inputs.ledger.deployed(*inputs.head) : git::ObjectId();
  const Sides sides = sides_of(inputs, deployed);
  std::set<std::string> unsettled;
  if (inputs.head) {
    for (const auto& [flow_id, state] : inputs.head->record.unsettled) {
      for (const std::string& path : state.paths) unsettled.emplace(folder_of(path));
    }
  }
  const Touched files = touched(sides, unsettled);
  Comparison comparison;
  comparison.before = flow::read_flows(files.before, ledger_scope(files.before),
                                       [&inputs](const Entry& entry) { return inputs.repository.blob(entry.id); });
  flow::Scope scope{.sources = inputs.config.sources, .known = {}};
  for (const flow::Flow& flow : comparison.before.flows) scope.known.insert(flow.source.path);
  comparison.after =
      flow::read_flows(files.after, scope, [&inputs](const Entry& entry) { return inputs.revision.read(entry); });
  return comparison;
}

}  // namespace flowship::deploy
