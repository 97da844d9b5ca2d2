#pragma once

#include "flow/model/flow_id.hpp"
#include "git/entry.hpp"
#include "json/document.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace flowship::flow {

/// How a flow lies in a repository.
enum class Layout { snapshot, exported, console };

/// `snapshot`, `exported`, `console`.
std::string_view to_text(Layout layout);

/// One member of a flow, under the name that the service uses. `at` is where the author wrote it, for positions; it
/// differs from `value` where the value was put together from several places (console layout) or overridden.
struct Field {
  std::string name;
  json::Value value;
  json::Value at;
};

using Fields = std::vector<Field>;

/// The field of that name, or null.
const Field* find(const Fields& fields, std::string_view name);

struct Screen {
  /// The decoded `screenId`; empty where it is missing or no string.
  std::string id;
  /// `screenId`, `interactions`, `contents` and whatever else the author wrote, in that order of the file.
  Fields fields;
  /// The whole screen, for positions: an object (in a snapshot a file's root).
  json::Value at;
  /// The name in a snapshot's `screens` list (`welcome` of `screen-welcome.json`); empty in the other layouts.
  std::string file_name;
};

/// Where a flow was read from.
struct Source {
  Layout layout = Layout::snapshot;
  /// The folder of a snapshot flow, or the file; relative to the repository's root.
  std::string path;
  /// All files that belong to the flow, sorted by path.
  std::vector<git::Entry> files;
};

/// A flow as its author wrote it, in the service's terms whatever the layout. Parts that are missing or have the wrong
/// type are kept as they are (absent, or a value of that type): judging them is for the rules.
struct Flow {
  /// As written; see `FlowId` for what the service takes.
  std::string id;
  /// Where the id is written; absent in a snapshot, where the folder's name is the id.
  json::Value id_at;
  Source source;
  /// Members of `metadata`, without a snapshot's `screens`, `references` and `flowId`. Empty when there are none.
  Fields metadata;
  /// The whole `metadata`, for positions (a snapshot's root of metadata.json); absent when it is missing.
  json::Value metadata_at;
  json::Value contents;
  std::vector<Screen> screens;
  /// The whole list of screens where it is written as one value (for its type); absent otherwise.
  json::Value screens_at;
  json::Value references;
  /// Members of the flow itself that are none of the above, passed through.
  Fields others;
  /// False when a file of it could not be read as JSON or is missing: it must not be sent.
  bool complete = true;

  /// Keeps alive what the values above view.
  std::vector<json::DocumentPtr> documents;
};

}  // namespace flowship::flow
