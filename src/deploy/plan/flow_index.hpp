#pragma once

#include "check/engine/check.hpp"
#include "flow/layouts/reading.hpp"
#include "git/revision.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace flowship::deploy {

/// Finds the flows of a whole revision by id, and reads no more than needed: snapshots' flows by their folders' names,
/// others by their text. The revision must outlive it.
class FlowIndex final : public check::FlowLookup {
 public:
  FlowIndex(const git::Revision& revision, flow::Scope scope) : revision_(revision), scope_(std::move(scope)) {}

  /// Folders to look into first for a flow's folder, such as those of the flows that use it.
  void look_first_in(const std::string& folder) { first_.insert(folder); }

  std::optional<flow::Flow> find(const std::string& flow_id) const override;
  /// Every id with the paths of its sources (more than one: a duplicate).
  const std::map<std::string, std::vector<std::string>>& sources() const;
  /// The flows that use this one as a subflow. Reads the text of every flow.
  std::vector<std::string> users_of(const std::string& flow_id) const;
  /// The sources whose text has one of these ids in quotes, so that they may use it as a subflow, with their files.
  /// Reads the text of every flow.
  std::vector<std::pair<std::string, std::vector<git::Entry>>> naming(const std::set<std::string>& flow_ids) const;
  /// The sources of flows that may run one of these flows, directly or not, with their files.
  std::vector<std::pair<std::string, std::vector<git::Entry>>> may_run(std::set<std::string> flow_ids) const;
  /// The flows that may run one of these, directly or not, without these.
  flow::Reading running(const std::set<std::string>& flow_ids) const;

 private:
  /// All files of the revision by folder.
  const std::map<std::string, std::vector<git::Entry>>& folders() const;
  /// The files of a source that `sources` names.
  std::vector<git::Entry> files_of(const std::string& path) const;
  /// The files directly in a folder.
  std::vector<git::Entry> files_in(const std::string& folder) const;
  std::optional<flow::Flow> read(const std::vector<git::Entry>& entries, const std::string& flow_id) const;

  const git::Revision& revision_;
  flow::Scope scope_;
  std::set<std::string> first_;
  mutable std::optional<std::map<std::string, std::vector<git::Entry>>> folders_;
  mutable std::optional<std::map<std::string, std::vector<std::string>>> sources_;
};

}  // namespace flowship::deploy
