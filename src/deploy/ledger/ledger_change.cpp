#include "deploy/ledger/ledger_change.hpp"

#include "base/files/path.hpp"
#include "deploy/ledger/deployed_flows.hpp"
#include "deploy/ledger/ledger.hpp"
#include "flow/layouts/reading.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace flowship::deploy {

namespace {

/// A free path for a flow that has to leave its file: `flows/login.json` becomes `flows/login.sign-in.json`.
std::string place_beside(const std::string& path, const std::string& flow_id,
                         const std::function<bool(const std::string&)>& is_taken) {
  const std::string stem = path.substr(0, path.rfind(".json")) + "." + flow_id;
  std::string place = stem + ".json";
  for (int number = 2; is_taken(place); ++number) place = stem + "-" + std::to_string(number) + ".json";
  return place;
}

/// Updates the paths of a flow that moved.
void follow(Record& record, std::vector<FlowResult>& flows, const std::string& flow_id, const std::string& from,
            const std::string& to) {
  for (FlowResult& flow : flows) {
    if (flow.flow_id == flow_id) std::replace(flow.deployed_paths.begin(), flow.deployed_paths.end(), from, to);
  }
  const auto unsettled = record.unsettled.find(flow_id);
  if (unsettled != record.unsettled.end()) {
    std::replace(unsettled->second.paths.begin(), unsettled->second.paths.end(), from, to);
  }
  // The next plan has to find it, so it looks at everything unless the sources cover the new path.
  if (!flow::Scope{.sources = record.sources, .known = {}}.covers(to)) record.sources.clear();
}

/// The files in `deployed`, with their blobs, that `change` overwrites without vacating them.
std::map<std::string, git::ObjectId> written_over(const git::Repository& repository, const git::ObjectId& deployed,
                                                  const LedgerChange& change) {
  // By folder: listing one takes time linear in its size.
  std::map<std::string_view, std::map<std::string_view, git::ObjectId>> written;
  for (const auto& [name, item] : change.items) {
    if (!name.starts_with(kDeployed) || !item) continue;
    const std::string_view path = std::string_view(name).substr(std::string_view(kDeployed).size());
    if (!change.vacated.contains(path)) written[folder_of(path)].emplace(path, item->id);
  }
  std::map<std::string, git::ObjectId> files;
  for (const auto& [folder, news] : written) {
    for (const git::Entry& old : repository.files_in(deployed, folder)) {
      const auto now = news.find(old.path);
      if (now != news.end() && now->second != old.id) files.emplace(old.path, old.id);
    }
  }
  return files;
}

}  // namespace

void LedgerChange::deploy(const flow::Source& source, const std::vector<std::string>& old_paths) {
  remove(old_paths);
  for (const git::Entry& file : source.files) {
    items[kDeployed + file.path] = git::Repository::TreeItem{.id = file.id, .is_tree = false};
  }
}

void LedgerChange::intend(const flow::Source& source) {
  for (const git::Entry& file : source.files) {
    items[kIntended + file.path] = git::Repository::TreeItem{.id = file.id, .is_tree = false};
  }
}

void LedgerChange::keep_questions(const Ledger& ledger, const LedgerEntry& entry) {
  items["intended"] = git::Repository::TreeItem{.id = ledger.intended(entry), .is_tree = true};
  for (const std::string& flow_id : ledger.replaced(entry)) set_before(flow_id, ledger.before_blob(entry, flow_id));
}

void LedgerChange::remove(const std::vector<std::string>& old_paths) {
  // Unless another flow has taken over the path in the same deployment.
  for (const std::string& path : old_paths) items.try_emplace(kDeployed + path, std::nullopt);
  vacated.insert(old_paths.begin(), old_paths.end());
}

void LedgerChange::set_before(const std::string& flow_id, const git::ObjectId& blob) {
  items[kBefore + flow_id + ".json"] = git::Repository::TreeItem{.id = blob, .is_tree = false};
}

void LedgerChange::set_after(const std::string& flow_id, const git::ObjectId& blob) {
  std::optional<git::Repository::TreeItem>& item = items[kAfter + flow_id + ".json"];
  item.reset();
  if (!blob.is_zero()) item = git::Repository::TreeItem{.id = blob, .is_tree = false};
}

void LedgerChange::keep_displaced(const git::Repository& repository, const git::ObjectId& deployed, Record& record) {
  if (deployed.is_zero()) return;
  const auto is_taken = [&](const std::string& path) {
    return items.contains(kDeployed + path) || repository.entry_at(deployed, path);
  };
  for (const auto& [path, blob] : written_over(repository, deployed, *this)) {
    for (const flow::Flow& flow : flows_in(repository, deployed, {path}).flows) {
      const std::string place = place_beside(path, flow.id, is_taken);
      items[kDeployed + place] = git::Repository::TreeItem{.id = blob, .is_tree = false};
      follow(record, flows, flow.id, path, place);
    }
  }
}

}  // namespace flowship::deploy
