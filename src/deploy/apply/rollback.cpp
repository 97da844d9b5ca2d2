#include "deploy/apply/rollback.hpp"

#include "base/error.hpp"
#include "base/text/printable.hpp"
#include "deploy/config/command_hint.hpp"
#include "deploy/ledger/deployed_flows.hpp"
#include "deploy/ledger/history.hpp"
#include "deploy/live/classify.hpp"
#include "deploy/plan/flow_index.hpp"
#include "flow/compare/compare.hpp"
#include "flow/layouts/layouts.hpp"
#include "flow/model/payload.hpp"

#include <map>
#include <optional>

namespace flowship::deploy {

namespace {

using TreeItem = git::Repository::TreeItem;

/// Builds what is to be deployed, as a tree like the ledger's `deployed/`.
class Rollback {
 public:
  Rollback(Workspace& workspace, const LedgerEntry& entry, const LedgerEntry& head)
      : workspace_(workspace),
        entry_(entry),
        head_(head),
        now_(git::Revision::of_tree(workspace.repository, workspace.ledger.deployed(head), head.commit)),
        places_(now_, {}) {
    if (!entry.parent) return;
    // A result stands on its intent, which names the paths of before; that one stands on the result before.
    const LedgerEntry intent = workspace.ledger.entry(*entry.parent);
    for (FlowResult& flow : workspace.ledger.flows(intent)) {
      old_paths_.emplace(flow.flow_id, std::move(flow.deployed_paths));
    }
    old_ = last_result(workspace.ledger, intent);
  }

  void add(const FlowResult& flow) {
    if (!is_done(flow.outcome)) return;
    const git::ObjectId blob = workspace_.ledger.before_blob(entry_, flow.flow_id);
    const std::optional<KeptExport> held = workspace_.ledger.before(entry_, flow.flow_id);
    if (held) {
      concerned_.push_back(flow.flow_id);
      take_away(flow.flow_id);
      put_back(flow, *held, blob);
    } else if (flow.attempts > 0 && flow.absent) {
      if (places_.sources().contains(flow.flow_id)) concerned_.push_back(flow.flow_id);
      take_away(flow.flow_id);
    } else if (flow.attempts > 0) {
      add_name(flow, unknown_);
    }
  }

  std::vector<std::string> finish() {
    if (!without_secrets_.empty()) {
      throw Error("can't restore " + without_secrets_ +
                      ": the ledger has only digests of secrets in what the service " + "held before record " +
                      entry_.commit.abbreviated(),
                  old_ ? rollback_hint() + " deploys the sources that were deployed before it"
                       : "restore it from the console's version history");
    }
    if (!unknown_.empty()) {
      throw Error("record " + entry_.commit.abbreviated() + " does not say what the service held before of " +
                      unknown_ + ": it was not queried then",
                  old_ ? rollback_hint() + " deploys what was deployed before it" : std::string());
    }
    const git::Repository& repository = workspace_.repository;
    const std::string& target = (old_ ? *old_ : entry_).record.target;
    workspace_.revision =
        git::Revision::of_tree(repository, repository.write_tree(workspace_.ledger.deployed(head_), items_),
                               git::ObjectId::from_hex(target).value_or(entry_.commit));
    workspace_.from_ledger = true;
    workspace_.kind = DeploymentKind::rollback;
    workspace_.config.sources = head_.record.sources;
    workspace_.environment.overrides = head_.record.overrides;
    workspace_.exact = exact_;
    return concerned_;
  }

 private:
  std::string rollback_hint() const {
    return command_hint("rollback " + old_->commit.abbreviated(), workspace_.environment.name_in_commands());
  }

  static void add_name(const FlowResult& flow, std::string& names) {
    names += (names.empty() ? "`" : ", `") + printable(flow.flow_id) + "`";
  }

  /// Removes what is deployed of a flow now.
  void take_away(const std::string& flow_id) {
    const auto found = places_.sources().find(flow_id);
    if (found == places_.sources().end()) return;
    for (const std::string& path : found->second) items_.try_emplace(path, std::nullopt);
  }

  void put_back(const FlowResult& flow, const KeptExport& held, const git::ObjectId& blob) {
    if (const std::optional<flow::Flow> source = source_of(flow, held)) {
      exact_[flow.flow_id] = flow::digest(flow::overridden(*source, head_.record.overrides));
      for (const git::Entry& file : source->source.files) items_[file.path] = TreeItem{.id = file.id, .is_tree = false};
      return;
    }
    if (held.has_digests()) {
      add_name(flow, without_secrets_);
      return;
    }
    exact_[flow.flow_id] = flow::digest(held.flow());
    items_[place_of(flow)] = TreeItem{.id = blob, .is_tree = false};
  }

  /// The source that was deployed before, where it is just what the service held, and would be sent as it was then.
  std::optional<flow::Flow> source_of(const FlowResult& flow, const KeptExport& kept) const {
    const std::vector<std::string> paths = old_paths(flow.flow_id);
    if (!old_ || paths.empty()) return std::nullopt;
    const flow::Reading deployed = flows_in(workspace_.repository, workspace_.ledger.deployed(*old_), paths);
    const flow::Flow* source = find_flow(deployed, flow.flow_id);
    if (source == nullptr) return std::nullopt;
    const std::optional<flow::Flow> sent = as_sent(*source, old_->record);
    if (!sent) return std::nullopt;
    const std::vector<std::string> known = {flow::export_text(*sent)};
    const std::optional<KeptExport> kept_after = workspace_.ledger.after(*old_, flow.flow_id);
    std::optional<flow::Flow> after;
    if (kept_after) after = kept_after->flow(known);
    const flow::Flow held = kept.flow(known);
    const Versions versions{
        .is_deployed = true, .sent = &*sent, .returned = after ? &*after : nullptr, .is_listed = true, .live = &held};
    if (classify(versions) != LiveMatch::as_deployed) return std::nullopt;
    const bool same_overrides = old_->record.overrides == head_.record.overrides;
    if (!same_overrides || old_->record.unsettled.contains(flow.flow_id)) return std::nullopt;
    return *source;
  }

  std::vector<std::string> old_paths(const std::string& flow_id) const {
    const auto found = old_paths_.find(flow_id);
    return found == old_paths_.end() ? std::vector<std::string>() : found->second;
  }

  /// A file in the folder that the flow was read from: what the service held has no other source.
  std::string place_of(const FlowResult& flow) const {
    std::vector<std::string> paths = old_paths(flow.flow_id);
    if (paths.empty()) paths = flow.paths;
    std::string source = paths.empty() ? std::string() : flow::source_of(paths.front());
    if (paths.size() == 1 && source == paths.front()) return source;
    return (source.empty() ? std::string() : source + "/") + "flow.json";
  }

  Workspace& workspace_;
  const LedgerEntry& entry_;
  const LedgerEntry& head_;
  git::Revision now_;
  FlowIndex places_;
  std::map<std::string, std::vector<std::string>> old_paths_;
  std::optional<LedgerEntry> old_;
  std::map<std::string, std::optional<TreeItem>> items_;
  std::map<std::string, std::string> exact_;
  std::vector<std::string> concerned_;
  /// Flows whose previous version is unknown, and flows whose secrets are, as text.
  std::string unknown_;
  std::string without_secrets_;
};

}  // namespace

std::vector<std::string> use_before(Workspace& workspace, const LedgerEntry& entry) {
  const std::optional<LedgerEntry> head = workspace.ledger.head();
  if (!head) throw Error("nothing was ever deployed to `" + workspace.environment.name + "`");
  Rollback rollback(workspace, entry, *head);
  for (const FlowResult& flow : workspace.ledger.flows(entry)) rollback.add(flow);
  return rollback.finish();
}

}  // namespace flowship::deploy
