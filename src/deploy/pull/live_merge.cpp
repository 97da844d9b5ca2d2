#include "deploy/pull/live_merge.hpp"

#include "base/error.hpp"
#include "base/text/pluralize.hpp"
#include "base/text/printable.hpp"
#include "check/engine/check.hpp"
#include "check/engine/merge_faults.hpp"
#include "check/rules/rule.hpp"
#include "deploy/config/command_hint.hpp"
#include "deploy/ledger/kept_export.hpp"
#include "deploy/plan/checks/flow_check.hpp"
#include "flow/compare/compare.hpp"
#include "flow/compare/drift.hpp"
#include "flow/merge/adoption.hpp"
#include "flow/model/overrides.hpp"
#include "flow/model/payload.hpp"

#include <set>
#include <utility>

namespace flowship::deploy {

namespace {

/// The subflows that policies look into.
class SubflowsOfWorktree final : public check::FlowLookup {
 public:
  explicit SubflowsOfWorktree(const WorktreeFlows& flows) : flows_(flows) {}

  std::optional<flow::Flow> find(const std::string& flow_id) const override {
    const flow::Flow* const found = flows_.find(flow_id);
    return found == nullptr ? std::nullopt : std::optional(*found);
  }

 private:
  const WorktreeFlows& flows_;
};

void take(const Workspace& workspace, const flow::Flow& flow, const flow::Flow& ours, LiveMerge& result) {
  result.flow = flow;
  result.files = flow::files_of(flow, ours.source.layout, ours.source.path, &ours);
  refuse_secrets(workspace, flow, result.files, &ours);
}

/// Where the files to write would have the secret, as far as their texts show it.
std::string place_of_secret(const check::Finding& secret, const flow::FileChanges& files) {
  for (const auto& [path, text] : files) {
    if (!text) continue;
    for (const check::Finding& found : check::secrets_of_text(*text, path)) {
      if (found.rule != secret.rule || found.message != secret.message) continue;
      return printable(path) + ":" + std::to_string(found.line) + ":" + std::to_string(found.column);
    }
  }
  return files.empty() ? "`" + secret.flow_id + "`" : printable(files.begin()->first);
}

/// What the service returned after the last deployment. A secret that the ledger has as a digest is taken from the
/// other versions, where it is still the same.
std::optional<flow::Flow> returned_flow(const Workspace& workspace, const std::optional<LedgerEntry>& head,
                                        const LiveMergeInput& input) {
  if (!head) return std::nullopt;
  const std::optional<KeptExport> kept = workspace.ledger.after(*head, input.ours.id);
  if (!kept) return std::nullopt;
  std::vector<std::string> texts{input.live.exported.text()};
  if (kept->has_digests()) texts.push_back(flow::export_text(input.ours));
  if (kept->has_digests() && input.sent != nullptr) texts.push_back(flow::export_text(*input.sent));
  return kept->flow(texts);
}

FlowConflicts conflicts_of(const Workspace& workspace, const std::string& flow_id, std::string reason) {
  return {.flow_id = flow_id,
          .reason = std::move(reason),
          .hint = resolve_hint(flow_id, workspace.environment.name_in_commands()),
          .conflicts = {},
          .documents = {}};
}

/// Nothing says what either side changed.
void merge_without_base(const Workspace& workspace, const LiveMergeInput& input, const flow::Flow& theirs,
                        LiveMerge& result) {
  const flow::Flow desired = flow::overridden(input.ours, workspace.environment.overrides);
  if (flow::holds(input.live.flow, desired, nullptr, flow::Upgrades::ignored) || flow::same(theirs, input.ours)) return;
  if (input.resolve == Resolve::theirs) take(workspace, theirs, input.ours, result);
  result.is_decided_for_ours = input.resolve == Resolve::ours;
  if (input.resolve != Resolve::nothing) return;
  FlowConflicts conflicts =
      conflicts_of(workspace, input.ours.id, "never deployed from here, and the service holds something else");
  for (const json::Difference& difference : flow::differences(input.ours, theirs)) {
    conflicts.conflicts.push_back({.pointer = difference.pointer,
                                   .path = json::parse_pointer(difference.pointer).value_or(json::Pointer()),
                                   .base = {},
                                   .ours = difference.before,
                                   .theirs = difference.after,
                                   .message = "differs, and there is no common version"});
  }
  conflicts.documents = input.ours.documents;
  conflicts.documents.insert(conflicts.documents.end(), theirs.documents.begin(), theirs.documents.end());
  result.conflict = std::move(conflicts);
}

}  // namespace

LiveMerge merge_live(const Workspace& workspace, const std::optional<LedgerEntry>& head, const LiveMergeInput& input) {
  const std::optional<flow::Flow> after = returned_flow(workspace, head, input);
  const flow::Origin origin{.source = input.ours,
                            .overrides = workspace.environment.overrides,
                            .sent = input.sent,
                            .after = after ? &*after : nullptr,
                            .ignored = workspace.environment.ignore_drift};
  LiveMerge result;
  flow::Adopted theirs = flow::adopted(input.live.flow, origin);
  result.beyond_source = std::move(theirs.beyond_source);
  const flow::Flow* const base = after ? &*after : input.sent;
  if (base == nullptr) {
    merge_without_base(workspace, input, theirs.flow, result);
    return result;
  }
  // What is no drift, such as a `componentsVersion` that the service raised, is nothing to pull either.
  if (flow::drift(*base, input.live.flow, workspace.environment.ignore_drift).empty()) return result;
  const flow::Flow adopted_base = flow::adopted(*base, origin).flow;
  const SubflowsOfWorktree subflows(input.sources);
  const auto beside = [&](std::optional<flow::Side>) { return check::FlowsBeside{subflows}; };
  flow::MergedFlow merged = flow::merge(
      adopted_base, input.ours, flow::with_orders_of(adopted_base, theirs.flow),
      {.favoured = input.resolve == Resolve::theirs ? flow::Favour::theirs : flow::Favour::ours,
       .renumbered = flow::Side::ours,
       .faults = check::merge_faults(flow::Role::flow, {workspace.config.check, input.ours.source.path, beside})});
  if (!merged.merged.conflicts.empty() && input.resolve == Resolve::nothing) {
    FlowConflicts conflicts = conflicts_of(
        workspace, input.ours.id,
        "the console and the working tree changed the same: " + pluralize(merged.merged.conflicts.size(), "conflict"));
    conflicts.conflicts = std::move(merged.merged.conflicts);
    conflicts.documents = {merged.merged.base, merged.merged.ours, merged.merged.theirs};
    result.conflict = std::move(conflicts);
    return result;
  }
  result.is_decided_for_ours = !merged.merged.conflicts.empty() && input.resolve == Resolve::ours;
  refuse_digests(merged.flow, "written");
  result.new_ids = std::move(merged.merged.new_ids);
  take(workspace, merged.flow, input.ours, result);
  return result;
}

void refuse_secrets(const Workspace& workspace, const flow::Flow& flow, const flow::FileChanges& files,
                    const flow::Flow* ours) {
  if (files.empty()) return;
  std::set<std::string> known;
  if (ours != nullptr) {
    for (const check::Finding& finding : errors_of(*ours, &ours->source, workspace.config.check, nullptr)) {
      known.insert(finding.rule + finding.message);
    }
  }
  const flow::Source* const place = ours == nullptr ? nullptr : &ours->source;
  for (const check::Finding& finding : errors_of(flow, place, workspace.config.check, nullptr)) {
    if (check::find_rule(finding.rule)->group != "safety" || known.contains(finding.rule + finding.message)) continue;
    throw Error("the service's version must not be committed: " + place_of_secret(finding, files) + ": " +
                    finding.message + " (" + finding.rule + ")",
                "remove it in the console, and run the command again");
  }
}

std::string resolve_hint(const std::string& flow_id, const std::string& environment) {
  return "keep the repository's version: " + command_hint("pull", environment, "--ours", {flow_id}) +
         "; take the service's: " + command_hint("pull", environment, "--theirs", {flow_id});
}

FlowConflicts deletion_conflict(const std::string& flow_id, const std::string& reason, const std::string& environment) {
  return {.flow_id = flow_id,
          .reason = reason,
          .hint = resolve_hint(flow_id, environment),
          .conflicts = {},
          .documents = {}};
}

}  // namespace flowship::deploy
