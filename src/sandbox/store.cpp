#include "sandbox/store.hpp"

#include "base/error.hpp"
#include "base/files/files.hpp"
#include "base/text/printable.hpp"
#include "json/document.hpp"
#include "json/edit.hpp"
#include "sandbox/shape.hpp"

#include <charconv>
#include <system_error>
#include <utility>
#include <vector>

namespace flowship::sandbox {

namespace fs = std::filesystem;

namespace {

void make_folder(const fs::path& folder) {
  std::error_code fault;
  fs::create_directories(folder, fault);
  if (fault) throw Error("cannot create the folder " + printable(folder.string()) + ": " + fault.message());
}

std::vector<fs::directory_entry> entries_of(const fs::path& folder) {
  std::error_code fault;
  std::vector<fs::directory_entry> entries;
  for (fs::directory_iterator entry(folder, fault), end; !fault && entry != end; entry.increment(fault)) {
    entries.push_back(*entry);
  }
  if (fault) throw Error("cannot read the folder " + printable(folder.string()) + ": " + fault.message());
  return entries;
}

std::string summary_of(const std::string& flow_id, const std::string& text) {
  const auto document = json::Document::parse(text, flow_id);
  const json::Value metadata = document->root().find("metadata");
  std::string summary = "{\"id\":" + json::quoted(flow_id);
  for (const std::string_view name : {"name", "description", "disabled"}) {
    if (const json::Value value = metadata.find(name)) {
      summary += "," + json::quoted(name) + ":" + std::string(value.text());
    }
  }
  return summary + "}";
}

StoredFlow read_flow(const fs::path& path) {
  const auto document = json::Document::parse(read_file(path).value_or(""), printable(path.string()));
  const json::Value version = document->root().find("version");
  const json::Value flow = document->root().find("flow");
  StoredFlow stored;
  if (version.is(json::Type::number)) {
    const std::string_view digits = version.text();
    std::from_chars(digits.data(), digits.data() + digits.size(), stored.version);
  }
  if (stored.version < 1 || !flow || check_flow(flow, "") || !flow.find("flowId").is_string(path.stem().string())) {
    throw Error(printable(path.string()) + " is not a flow stored by a sandbox",
                "remove the file, or use another folder");
  }
  stored.text = with_defaults(flow);
  stored.summary = summary_of(path.stem().string(), stored.text);
  return stored;
}

}  // namespace

Store::Store(fs::path folder) : folder_(std::move(folder)) {
  if (folder_.empty()) return;
  make_folder(folder_);
  for (const auto& entry : entries_of(folder_)) {
    if (entry.is_directory()) read_project(entry.path());
  }
}

void Store::read_project(const fs::path& folder) {
  for (const auto& entry : entries_of(folder)) {
    // An interrupted write leaves a temporary file with another extension.
    if (entry.path().extension() != ".json") continue;
    projects_[folder.filename().string()][entry.path().stem().string()] = read_flow(entry.path());
  }
}

fs::path Store::file_of(const std::string& project_id, const std::string& flow_id) const {
  return folder_ / project_id / (flow_id + ".json");
}

void Store::save(const std::string& project_id, const std::string& flow_id, std::string text) {
  std::string summary = summary_of(flow_id, text);
  const std::lock_guard lock(mutex_);
  const auto project = projects_.find(project_id);
  std::int64_t version = 1;
  if (project != projects_.end()) {
    if (const auto old = project->second.find(flow_id); old != project->second.end()) version = old->second.version + 1;
  }
  if (!folder_.empty()) {
    make_folder(folder_ / project_id);
    write_file_atomically(file_of(project_id, flow_id),
                          "{\"version\":" + std::to_string(version) + ",\"flow\":" + text + "}\n");
  }
  projects_[project_id][flow_id] = StoredFlow{version, std::move(text), std::move(summary)};
}

std::optional<StoredFlow> Store::find(const std::string& project_id, const std::string& flow_id) const {
  const std::lock_guard lock(mutex_);
  const auto project = projects_.find(project_id);
  if (project == projects_.end()) return std::nullopt;
  const auto flow = project->second.find(flow_id);
  if (flow == project->second.end()) return std::nullopt;
  return flow->second;
}

bool Store::remove(const std::string& project_id, const std::string& flow_id) {
  const std::lock_guard lock(mutex_);
  const auto project = projects_.find(project_id);
  if (project == projects_.end() || project->second.count(flow_id) == 0) return false;
  if (!folder_.empty()) {
    std::error_code fault;
    const fs::path path = file_of(project_id, flow_id);
    fs::remove(path, fault);
    if (fault) throw Error("cannot remove " + printable(path.string()) + ": " + fault.message());
  }
  project->second.erase(flow_id);
  return true;
}

std::vector<std::string> Store::summaries(const std::string& project_id) const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> summaries;
  const auto project = projects_.find(project_id);
  if (project == projects_.end()) return summaries;
  for (const auto& [id, stored] : project->second) summaries.push_back(stored.summary);
  return summaries;
}

std::map<std::string, Flows> Store::projects() const {
  const std::lock_guard lock(mutex_);
  return projects_;
}

}  // namespace flowship::sandbox
