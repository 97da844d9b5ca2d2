#pragma once

#include "flow/model/flow.hpp"
#include "git/entry.hpp"
#include "json/document.hpp"

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace flowship::flow {

/// What can be wrong with the files of a flow, before its contents are looked at.
enum class ProblemKind {
  syntax,            ///< a file is not JSON
  missing_contents,  ///< a snapshot folder without contents.json
  missing_metadata,  ///< a snapshot folder without metadata.json
  missing_screen,    ///< `screens` names a screen whose file is not there
  unlisted_screen,   ///< a screen file that `screens` does not name
  bad_screen_name,   ///< an entry of `screens` that is no string, is named twice, or could not be a file's name
  not_a_file,        ///< a symbolic link or a submodule where a flow's file should be
  bad_id,            ///< an id that the service would not take
  duplicate_id,      ///< two sources with one id
  id_case,           ///< two ids that differ only in case
  id_mismatch,       ///< `flowId` in metadata.json differs from the folder's name
  flow_list,         ///< flows.json disagrees with the folders
};

struct Problem {
  ProblemKind kind;
  std::string message;
  /// What would mend it.
  std::string hint;
  /// Where: a file, or the path that is missing, and the place in it.
  std::string path;
  json::Position position;
  /// Whose; may be empty.
  std::string flow_id;
};

struct Reading {
  /// Sorted by id. Flows with problems are among them (see `Flow::complete`), as far as they could be read. Of two
  /// sources with one id, both.
  std::vector<Flow> flows;
  /// Sorted by path, position and kind.
  std::vector<Problem> problems;
  /// Files that were looked into and are neither a flow nor part of one.
  std::vector<std::string> others;
};

/// Whether `path` is `source` or lies below it; the source as people write one (`./flows/`, and `.` or nothing for
/// everything).
bool lies_in(std::string_view path, std::string_view source);

/// Where flows are looked for.
struct Scope {
  /// Folders or files relative to the root; empty means anywhere.
  std::vector<std::string> sources;
  /// Paths (a snapshot's folder, or a file) that are known to hold a flow, so that they count as one even when broken.
  std::set<std::string> known;

  bool covers(std::string_view path) const;
};

using ReadFile = std::function<std::string(const git::Entry&)>;

/// Finds and reads all flows among `entries` in the three layouts. `entries` holds, for every folder that it names a
/// file of, all files directly in that folder; folders it says nothing of are not looked at. A `flows.json` is held
/// against the folders beside it, so it has no place among entries that are only a part of the repository.
///
/// A snapshot flow is a folder below `flows/` or directly in a source; an exported or console file is any `*.json`
/// that has the shape of one. What is not a flow is left alone. `read` is called at most once a file; where there
/// are many files, up to `threads` threads read and parse them.
Reading read_flows(const std::vector<git::Entry>& entries, const Scope& scope, const ReadFile& read,
                   unsigned threads = 1);

/// The flow in a service's answer: the object that `POST /v2/mgmt/flow/export` returns under `flow`.
Flow flow_of_export(const json::DocumentPtr& document, json::Value flow);

}  // namespace flowship::flow
