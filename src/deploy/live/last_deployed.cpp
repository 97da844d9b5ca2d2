#include "deploy/live/last_deployed.hpp"

#include "deploy/plan/flow_index.hpp"

#include <utility>

namespace flowship::deploy {

LastDeployed::LastDeployed(const git::Repository& repository, const Ledger& ledger, std::optional<LedgerEntry> entry)
    : repository_(repository), ledger_(ledger), entry_(std::move(entry)) {
  if (!entry_) return;
  tags_ = ledger_.tags(*entry_);
  if (static_cast<int>(tags_.size()) == entry_->record.total) return;
  const git::Revision revision = git::Revision::of_tree(repository_, ledger_.deployed(*entry_), entry_->commit);
  const FlowIndex index(revision, {.sources = {}, .known = {}});
  for (const auto& [id, paths] : index.sources()) tags_.try_emplace(id);
}

std::vector<std::string> LastDeployed::ids() const {
  std::vector<std::string> ids;
  for (const auto& [id, tag] : tags_) ids.push_back(id);
  return ids;
}

std::optional<api::FlowTag> LastDeployed::tag(const std::string& flow_id) const {
  const auto found = tags_.find(flow_id);
  return found == tags_.end() ? std::nullopt : found->second;
}

bool LastDeployed::is_exact(const std::string& flow_id) const {
  return entry_ && entry_->record.unsettled.contains(flow_id);
}

std::vector<Deployed> LastDeployed::flows(const std::set<std::string>& flow_ids) const {
  if (!entry_ || flow_ids.empty()) return {};
  const git::ObjectId deployed = ledger_.deployed(*entry_);
  const git::Revision revision = git::Revision::of_tree(repository_, deployed, entry_->commit);
  const FlowIndex index(revision, {.sources = {}, .known = {}});
  std::vector<std::string> paths;
  for (const std::string& id : flow_ids) {
    const auto found = index.sources().find(id);
    if (found != index.sources().end()) paths.insert(paths.end(), found->second.begin(), found->second.end());
  }
  std::vector<Deployed> result;
  if (paths.empty()) return result;
  for (const flow::Flow& flow : flows_in(repository_, deployed, paths).flows) {
    if (flow_ids.contains(flow.id)) result.push_back({.id = flow.id, .sent = as_sent(flow, entry_->record)});
    flow::rest(flow);
  }
  return result;
}

std::optional<flow::Flow> LastDeployed::returned(const std::string& flow_id, const std::string& live) const {
  const std::optional<KeptExport> kept = entry_ ? ledger_.after(*entry_, flow_id) : std::nullopt;
  return kept ? std::optional(kept->flow({live})) : std::nullopt;
}

}  // namespace flowship::deploy
