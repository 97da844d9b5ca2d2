#pragma once

#include "flow/layouts/reading.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace flowship::flow {

inline const std::string kGraph =
    R"({"startTask": "0", "tasks": {"0": {"id": "0", "next": {"rules": [{"interactionId": "", "taskId": "1"}]}},
 "1": {"id": "1", "type": "screen", "screenId": "S1", "next": {}}}})";
inline const std::string kScreen =
    R"({"screenId": "S1", "interactions": [{"id": "submit", "type": "submit"}], "contents": {"ROOT": {"nodes": []}}})";
inline const std::string kMetadata =
    R"({"name": "Sign up", "disabled": false, "references": {"connectors": {"Mail": "CI1"}}, "screens": ["welcome"]})";
inline const std::string kExported =
    R"({"flowId": "exported", "metadata": {"name": "Exported"}, "contents": {"startTask": "0", "tasks": {}},)"
    R"( "screens": [{"screenId": "S1", "contents": {}}], "references": {}})";

/// The files of a repository that is nowhere but in memory.
class SampleFiles {
 public:
  SampleFiles() = default;
  SampleFiles(std::initializer_list<std::pair<const std::string, std::string>> texts) : texts_(texts) {}

  SampleFiles& put(const std::string& path, std::string text) {
    texts_[path] = std::move(text);
    return *this;
  }
  /// A flow in snapshot layout, in the folder `folder`.
  SampleFiles& put_snapshot(const std::string& folder) {
    put(folder + "/metadata.json", kMetadata);
    put(folder + "/contents.json", kGraph);
    return put(folder + "/screen-welcome.json", kScreen);
  }
  SampleFiles& remove(const std::string& path) {
    texts_.erase(path);
    return *this;
  }
  SampleFiles& link(const std::string& path, git::EntryKind kind = git::EntryKind::symlink) {
    links_[path] = kind;
    return *this;
  }

  Reading read(const Scope& scope = {}, unsigned threads = 1) {
    std::vector<git::Entry> entries;
    for (const auto& [path, text] : texts_) entries.push_back({path, git::EntryKind::file, {}});
    for (const auto& [path, kind] : links_) entries.push_back({path, kind, {}});
    // Several threads read different files, so each has its counter before.
    reads_.clear();
    for (const git::Entry& entry : entries) reads_[entry.path] = 0;
    Reading reading = read_flows(
        entries, scope,
        [&](const git::Entry& entry) {
          ++reads_.at(entry.path);
          return texts_.at(entry.path);
        },
        threads);
    std::erase_if(reads_, [](const auto& item) { return item.second == 0; });
    return reading;
  }
  /// How often each file was read the last time.
  const std::map<std::string, int>& reads() const { return reads_; }

 private:
  std::map<std::string, std::string> texts_;
  std::map<std::string, git::EntryKind> links_;
  std::map<std::string, int> reads_;
};

inline std::vector<std::string> ids(const Reading& reading) {
  std::vector<std::string> found;
  for (const Flow& flow : reading.flows) found.push_back(flow.id);
  return found;
}

/// The problems' kinds and places, as `kind path:line:column`, for comparison at one glance.
inline std::vector<std::string> problems(const Reading& reading) {
  static const std::map<ProblemKind, std::string> kNames = {{ProblemKind::syntax, "syntax"},
                                                            {ProblemKind::missing_contents, "missing_contents"},
                                                            {ProblemKind::missing_metadata, "missing_metadata"},
                                                            {ProblemKind::missing_screen, "missing_screen"},
                                                            {ProblemKind::unlisted_screen, "unlisted_screen"},
                                                            {ProblemKind::bad_screen_name, "bad_screen_name"},
                                                            {ProblemKind::not_a_file, "not_a_file"},
                                                            {ProblemKind::bad_id, "bad_id"},
                                                            {ProblemKind::duplicate_id, "duplicate_id"},
                                                            {ProblemKind::id_case, "id_case"},
                                                            {ProblemKind::id_mismatch, "id_mismatch"},
                                                            {ProblemKind::flow_list, "flow_list"}};
  std::vector<std::string> found;
  for (const Problem& problem : reading.problems) {
    found.push_back(kNames.at(problem.kind) + " " + problem.path + ":" + std::to_string(problem.position.line) + ":" +
                    std::to_string(problem.position.column));
  }
  return found;
}

using Texts = std::vector<std::string>;

/// Names and source texts of fields, as `name=text`.
inline Texts texts(const Fields& fields) {
  Texts found;
  for (const Field& field : fields) found.push_back(field.name + "=" + std::string(field.value.text()));
  return found;
}

}  // namespace flowship::flow
