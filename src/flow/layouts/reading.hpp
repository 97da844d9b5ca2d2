#pragma once

#include "flow/model/flow.hpp"
#include "git/entry.hpp"
#include "git/revision.hpp"
#include "json/document.hpp"

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace flowship::flow {

/// What can be wrong with the files of a flow, before its contents are checked.
enum class ProblemKind {
  syntax,            ///< a file is not JSON
  missing_contents,  ///< a snapshot folder without contents.json
  missing_metadata,  ///< a snapshot folder without metadata.json
  missing_screen,    ///< `screens` names a screen whose file does not exist
  unlisted_screen,   ///< a screen file that `screens` does not name
  bad_screen_name,   ///< an entry of `screens` that is not a string, a duplicate, or not a valid file name
  not_a_file,        ///< a symbolic link or a submodule where a flow's file should be
  bad_id,            ///< an id that the service does not accept
  duplicate_id,      ///< two sources with the same id
  id_case,           ///< two ids that differ only in case
  id_mismatch,       ///< `flowId` in metadata.json differs from the folder's name
  flow_list,         ///< flows.json disagrees with the folders
};

struct Problem {
  ProblemKind kind;
  std::string message;
  /// How to fix it.
  std::string hint;
  /// Where: a file, or the path that is missing, and the position in it.
  std::string path;
  json::Position position;
  /// May be empty.
  std::string flow_id;
};

struct Reading {
  /// Sorted by id. Flows with problems are included (see `Flow::complete`), as far as they could be read, and so are
  /// both of two sources with the same id.
  std::vector<Flow> flows;
  /// Sorted by path, position and kind.
  std::vector<Problem> problems;
  /// Files that were examined and are neither a flow nor part of one.
  std::vector<std::string> others;
};

/// Whether `path` is `source` or below it; the source as people write it (`./flows/`; `.` or empty for everything).
bool lies_in(std::string_view path, std::string_view source);

/// Where flows are looked for.
struct Scope {
  /// Folders or files relative to the root; empty means anywhere.
  std::vector<std::string> sources;
  /// Paths (a snapshot's folder, or a file) that are known to be flows, and so count as flows even if they are broken.
  std::set<std::string> known;

  bool covers(std::string_view path) const;
};

using ReadFile = std::function<std::string(const git::Entry&)>;

/// Finds and reads all flows among `entries` in the three layouts. If `entries` has one file of a folder, it must have
/// all files directly in that folder. A `flows.json` is compared with the folders beside it, so leave it out of entries
/// that are only a part of the repository.
///
/// A snapshot flow is a folder below `flows/` or directly in a source; an exported or console file is any `*.json` with
/// the shape of one. Everything else is ignored. `read` is called at most once per file; many files are read and parsed
/// by up to `threads` threads.
Reading read_flows(const std::vector<git::Entry>& entries, const Scope& scope, const ReadFile& read,
                   unsigned threads = 1);

/// The flows among these files of a revision, with as many threads as there are cores.
Reading read_flows(const git::Revision& revision, const std::vector<git::Entry>& entries, const Scope& scope);

/// All flows of a revision.
Reading read_flows(const git::Revision& revision, const Scope& scope);

/// The first flow with that id; null if there is none.
const Flow* find_flow(const Reading& reading, const std::string& flow_id);

/// The flow in a response of the service: the object that `POST /v2/mgmt/flow/export` returns under `flow`.
Flow flow_of_export(const json::DocumentPtr& document, json::Value flow);

/// The flow in a text of the console's shape, `{"flow": {…}, "screens": […]}`, as `POST /v1/mgmt/flow/export` returns.
Flow flow_of_console(const json::DocumentPtr& document);

}  // namespace flowship::flow
