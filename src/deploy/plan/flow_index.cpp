#include "deploy/plan/flow_index.hpp"

#include "base/files/path.hpp"

#include <algorithm>

namespace flowship::deploy {

namespace {

/// Whether the files of a folder are those of a snapshot's flow, by their names.
bool is_snapshot_folder(const std::string& folder, const std::vector<git::Entry>& files) {
  if (name_of(folder_of(folder)) == "widgets") return false;
  const auto has = [&](std::string_view name) {
    return std::any_of(files.begin(), files.end(), [&](const git::Entry& file) { return name_of(file.path) == name; });
  };
  return has("contents.json") && has("metadata.json");
}

}  // namespace

const std::map<std::string, std::vector<git::Entry>>& FlowIndex::folders() const {
  if (!folders_) {
    folders_.emplace();
    for (git::Entry& file : revision_.files({.prefixes = scope_.sources})) {
      if (file.path.ends_with(".json")) (*folders_)[std::string(folder_of(file.path))].push_back(std::move(file));
    }
  }
  return *folders_;
}

std::optional<flow::Flow> FlowIndex::read(const std::vector<git::Entry>& entries, const std::string& flow_id) const {
  flow::Reading reading =
      flow::read_flows(entries, scope_, [this](const git::Entry& entry) { return revision_.read(entry); });
  for (flow::Flow& flow : reading.flows) {
    if (flow.id == flow_id) return std::move(flow);
  }
  return std::nullopt;
}

std::vector<git::Entry> FlowIndex::files_in(const std::string& folder) const {
  if (revision_.tree()) return revision_.repository().files_in(*revision_.tree(), folder);
  const auto& all = folders();
  const auto found = all.find(folder);
  return found == all.end() ? std::vector<git::Entry>() : found->second;
}

std::optional<flow::Flow> FlowIndex::find(const std::string& flow_id) const {
  if (!flow::FlowId::from(flow_id)) return std::nullopt;
  for (const std::string& folder : first_) {
    const std::vector<git::Entry> files = files_in(folder.empty() ? flow_id : folder + "/" + flow_id);
    if (files.empty()) continue;
    if (std::optional<flow::Flow> found = read(files, flow_id)) return found;
  }
  const auto known = sources().find(flow_id);
  if (known == sources().end()) return std::nullopt;
  return read(files_of(known->second.front()), flow_id);
}

std::vector<git::Entry> FlowIndex::files_of(const std::string& path) const {
  const auto folder = folders().find(path);
  if (folder != folders().end()) return folder->second;
  std::vector<git::Entry> files = folders().at(std::string(folder_of(path)));
  std::erase_if(files, [&](const git::Entry& file) { return file.path != path; });
  return files;
}

const std::map<std::string, std::vector<std::string>>& FlowIndex::sources() const {
  if (!sources_) {
    sources_.emplace();
    std::vector<git::Entry> others;
    for (const auto& [folder, files] : folders()) {
      if (is_snapshot_folder(folder, files)) {
        (*sources_)[std::string(name_of(folder))].push_back(folder);
      } else {
        others.insert(others.end(), files.begin(), files.end());
      }
    }
    const flow::Reading reading =
        flow::read_flows(others, scope_, [this](const git::Entry& entry) { return revision_.read(entry); });
    for (const flow::Flow& flow : reading.flows) {
      if (!flow.id.empty()) (*sources_)[flow.id].push_back(flow.source.path);
    }
  }
  return *sources_;
}

std::vector<std::pair<std::string, std::vector<git::Entry>>> FlowIndex::naming(
    const std::set<std::string>& flow_ids) const {
  std::vector<std::pair<std::string, std::vector<git::Entry>>> sources_naming;
  const auto names_one = [&](const git::Entry& file) {
    const std::string text = revision_.read(file);
    return std::any_of(flow_ids.begin(), flow_ids.end(),
                       [&](const std::string& id) { return text.find("\"" + id + "\"") != std::string::npos; });
  };
  for (const auto& [id, paths] : sources()) {
    for (const std::string& path : paths) {
      std::vector<git::Entry> files = files_of(path);
      const auto graph = std::find_if(files.begin(), files.end(), [&](const git::Entry& file) {
        return file.path == path || name_of(file.path) == "contents.json";
      });
      const bool is_file = graph != files.end() && graph->kind == git::EntryKind::file;
      if (is_file && names_one(*graph)) sources_naming.emplace_back(id, std::move(files));
    }
  }
  return sources_naming;
}

std::vector<std::pair<std::string, std::vector<git::Entry>>> FlowIndex::may_run(std::set<std::string> flow_ids) const {
  std::vector<std::pair<std::string, std::vector<git::Entry>>> users;
  std::set<std::string> known;
  while (!flow_ids.empty()) {
    std::set<std::string> found;
    for (auto& user : naming(flow_ids)) {
      if (!known.insert(user.first).second) continue;
      found.insert(user.first);
      users.push_back(std::move(user));
    }
    flow_ids = std::move(found);
  }
  return users;
}

flow::Reading FlowIndex::running(const std::set<std::string>& flow_ids) const {
  std::vector<git::Entry> entries;
  for (const auto& [id, files] : may_run(flow_ids)) {
    if (!flow_ids.contains(id)) entries.insert(entries.end(), files.begin(), files.end());
  }
  return flow::read_flows(entries, scope_, [this](const git::Entry& entry) { return revision_.read(entry); });
}

std::vector<std::string> FlowIndex::users_of(const std::string& flow_id) const {
  std::vector<std::string> users;
  for (const auto& [id, files] : naming({flow_id})) {
    const std::optional<flow::Flow> flow = read(files, id);
    if (flow && check::summary_of(*flow).subflows.contains(flow_id)) users.push_back(id);
  }
  return users;
}

}  // namespace flowship::deploy
