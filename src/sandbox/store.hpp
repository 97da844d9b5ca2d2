#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace flowship::sandbox {

/// A flow as the service keeps it.
struct StoredFlow {
  /// Counts every save, from 1.
  std::int64_t version = 0;
  /// The flow as JSON.
  std::string text;
  /// What a list of flows tells of it, as JSON: made when it is saved, since a list is asked for more often.
  std::string summary;
};

/// Flows by their ids.
using Flows = std::map<std::string, StoredFlow>;

/// The flows of all projects, in memory and, given a folder, in one file for each flow, `<projectId>/<flowId>.json`.
/// Ids must be safe as names of files. Thread-safe; what a call returned from is on disk.
class Store {
 public:
  /// Reads what the folder holds, and makes it where it isn't there. Empty keeps all in memory. Throws `Error`.
  explicit Store(std::filesystem::path folder);

  /// Saves a new version. Throws `Error` when it can't be written; the old version then stays.
  void save(const std::string& project_id, const std::string& flow_id, std::string text);
  std::optional<StoredFlow> find(const std::string& project_id, const std::string& flow_id) const;
  /// False when there was none.
  bool remove(const std::string& project_id, const std::string& flow_id);
  /// The summaries of one project's flows, by their ids.
  std::vector<std::string> summaries(const std::string& project_id) const;
  /// All flows by their project's id.
  std::map<std::string, Flows> projects() const;

 private:
  void read_project(const std::filesystem::path& folder);
  std::filesystem::path file_of(const std::string& project_id, const std::string& flow_id) const;

  std::filesystem::path folder_;
  mutable std::mutex mutex_;
  std::map<std::string, Flows> projects_;
};

}  // namespace flowship::sandbox
