#include "sandbox/store.hpp"

#include "base/clock.hpp"
#include "base/digest.hpp"
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

/// The members of an entry after its id and those of an old one: the list's name, and where the flow has it.
struct ListMember {
  std::string_view name;
  std::string_view in_metadata;
  std::string_view in_translation = {};
};
constexpr ListMember kListMembers[] = {{"fingerprint", "fingerprint"},
                                       {"widget", "widget"},
                                       {"sharedInteractions", "sharedInteractions"},
                                       {"translate", "translation", "enabled"},
                                       {"translateConnectorID", "translation", "connectorId"},
                                       {"translateSourceLang", "translation", "sourceLanguage"},
                                       {"translateTargetLangs", "translation", "targetLanguages"},
                                       {"management", "management"},
                                       {"managementConfig", "managementConfig"}};

std::string summary_of(const std::string& flow_id, const StoredFlow& flow, ListFormat format) {
  const auto document = json::Document::parse(flow.text, flow_id);
  const json::Value metadata = document->root().find("metadata");
  std::string summary = "{\"id\":" + json::quoted(flow_id);
  const auto add = [&](std::string_view name, json::Value value) {
    if (value) summary += "," + json::quoted(name) + ":" + std::string(value.text());
  };
  for (const std::string_view name : {"name", "description", "disabled"}) add(name, metadata.find(name));
  if (format == ListFormat::old) return summary + "}";
  summary += ",\"version\":" + std::to_string(flow.version) + ",\"etag\":" + json::quoted(flow.etag) +
             ",\"modifiedTime\":" + std::to_string(flow.modified_time);
  for (const ListMember& member : kListMembers) {
    const json::Value value = metadata.find(member.in_metadata);
    add(member.name, member.in_translation.empty() ? value : value.find(member.in_translation));
  }
  return summary + "}";
}

/// The time is exact, so that a flow that is deleted and saved again has another etag.
std::string etag_of(const StoredFlow& flow, Time now) {
  constexpr std::size_t kLength = 16;
  return sha256_hex(std::to_string(flow.version) + ":" + std::to_string(now.time_since_epoch().count()) + ":" +
                    flow.text)
      .substr(0, kLength);
}

std::int64_t seconds_of(Time time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

std::int64_t number_of(json::Value value) {
  std::int64_t number = 0;
  if (value.is(json::Type::number)) {
    std::from_chars(value.text().data(), value.text().data() + value.text().size(), number);
  }
  return number;
}

}  // namespace

Store::Store(fs::path folder, ListFormat list_format) : folder_(std::move(folder)), list_format_(list_format) {
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

StoredFlow Store::read_flow(const fs::path& path) const {
  const auto document = json::Document::parse(read_file(path).value_or(""), printable(path.string()));
  const json::Value root = document->root();
  const json::Value flow = root.find("flow");
  const json::Value etag = root.find("etag");
  StoredFlow stored;
  stored.version = number_of(root.find("version"));
  if (stored.version < 1 || !flow || check_flow(flow, "") || !flow.find("flowId").is_string(path.stem().string())) {
    throw Error(printable(path.string()) + " is not a flow stored by a sandbox",
                "remove the file, or use another folder");
  }
  stored.text = with_defaults(flow);
  stored.modified_time = number_of(root.find("modifiedTime"));
  stored.etag = etag.is(json::Type::string) ? etag.string() : etag_of(stored, Time());
  stored.summary = summary_of(path.stem().string(), stored, list_format_);
  return stored;
}

fs::path Store::file_of(const std::string& project_id, const std::string& flow_id) const {
  return folder_ / project_id / (flow_id + ".json");
}

void Store::save(const std::string& project_id, const std::string& flow_id, std::string text) {
  const std::lock_guard lock(mutex_);
  const auto project = projects_.find(project_id);
  StoredFlow stored;
  stored.version = 1;
  if (project != projects_.end()) {
    if (const auto old = project->second.find(flow_id); old != project->second.end()) {
      stored.version = old->second.version + 1;
      stored.previous = old->second.text;
    }
  }
  const Time now = system_clock().now();
  stored.text = std::move(text);
  stored.modified_time = seconds_of(now);
  stored.etag = etag_of(stored, now);
  stored.summary = summary_of(flow_id, stored, list_format_);
  if (!folder_.empty()) {
    make_folder(folder_ / project_id);
    write_file_atomically(file_of(project_id, flow_id),
                          "{\"version\":" + std::to_string(stored.version) + ",\"etag\":" + json::quoted(stored.etag) +
                              ",\"modifiedTime\":" + std::to_string(stored.modified_time) + ",\"flow\":" + stored.text +
                              "}\n");
  }
  projects_[project_id][flow_id] = std::move(stored);
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

std::vector<std::string> Store::summaries(const std::string& project_id, const std::set<std::string>& ids) const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> summaries;
  const auto project = projects_.find(project_id);
  if (project == projects_.end()) return summaries;
  for (const auto& [id, stored] : project->second) {
    if (ids.empty() || ids.contains(id)) summaries.push_back(stored.summary);
  }
  return summaries;
}

std::map<std::string, Flows> Store::projects() const {
  const std::lock_guard lock(mutex_);
  return projects_;
}

}  // namespace flowship::sandbox
