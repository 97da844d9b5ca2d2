#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace flowship::sandbox {

/// What the entries of a list of flows contain: all that the service tells today, or the first four members only.
enum class ListFormat { full, old };

/// A stored flow.
struct StoredFlow {
  /// Counts every save, from 1.
  std::int64_t version = 0;
  /// Differs for every save.
  std::string etag;
  /// When it was saved, in seconds since 1970.
  std::int64_t modified_time = 0;
  /// The flow as JSON.
  std::string text;
  /// What was saved before; empty for the first version.
  std::string previous;
  /// Its entry in a list of flows, as JSON; made once when it is saved.
  std::string summary;
};

/// Flows by their ids.
using Flows = std::map<std::string, StoredFlow>;

/// The flows of all projects, in memory and, given a folder, in files `<projectId>/<flowId>.json`. Ids must be valid.
/// Thread-safe; changes are on disk when a call returns.
class Store {
 public:
  /// Reads the folder, and creates it if it is missing. Empty for memory only. Throws `Error`.
  explicit Store(std::filesystem::path folder, ListFormat list_format = ListFormat::full);

  /// Saves a new version. Throws `Error` and keeps the old version if it can't be written.
  void save(const std::string& project_id, const std::string& flow_id, std::string text);
  std::optional<StoredFlow> find(const std::string& project_id, const std::string& flow_id) const;
  /// False if there was none.
  bool remove(const std::string& project_id, const std::string& flow_id);
  /// The summaries of a project's flows, sorted by id; only of those in `ids`, unless that is empty.
  std::vector<std::string> summaries(const std::string& project_id, const std::set<std::string>& ids = {}) const;
  /// All flows by project id.
  std::map<std::string, Flows> projects() const;

 private:
  void read_project(const std::filesystem::path& folder);
  StoredFlow read_flow(const std::filesystem::path& path) const;
  std::filesystem::path file_of(const std::string& project_id, const std::string& flow_id) const;

  std::filesystem::path folder_;
  ListFormat list_format_;
  mutable std::mutex mutex_;
  std::map<std::string, Flows> projects_;
};

}  // namespace flowship::sandbox
