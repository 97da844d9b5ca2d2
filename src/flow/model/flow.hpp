#pragma once

#include "flow/model/flow_id.hpp"
#include "git/entry.hpp"
#include "json/document.hpp"

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace flowship::flow {

/// How a flow is stored in a repository.
enum class Layout { snapshot, exported, console };

/// `snapshot`, `exported`, `console`.
std::string_view to_text(Layout layout);

/// One member of a flow, under the service's name. `at` is where the author wrote it, for positions; it differs from
/// `value` if that was assembled from several places (console layout) or overridden.
struct Field {
  std::string name;
  json::Value value;
  json::Value at;
};

using Fields = std::vector<Field>;

/// The field of that name, or null.
const Field* find(const Fields& fields, std::string_view name);

/// The value of the field of that name; absent if there is none.
json::Value value_of(const Fields& fields, std::string_view name);

/// The decoded text of a string; empty for anything else and for an absent value.
std::string string_of(json::Value value);

/// A text of the author's for a message: on one line, and truncated if it is long.
std::string message_text(std::string_view text);

/// An object's members as fields; none for any other type.
Fields fields_of(json::Value object);

struct Screen {
  /// The decoded `screenId`; empty if it is missing or not a string.
  std::string id;
  /// `screenId`, `interactions`, `contents` and all other members, in the file's order.
  Fields fields;
  /// The whole screen, for positions: an object (in a snapshot a file's root).
  json::Value at;
  /// The name in a snapshot's `screens` list (`welcome` of `screen-welcome.json`); empty in the other layouts.
  std::string file_name;
};

/// A screen in the service's terms; one that is not an object has no fields.
Screen screen_of(json::Value screen);

/// Where a flow was read from.
struct Source {
  Layout layout = Layout::snapshot;
  /// The folder of a snapshot flow, or the file; relative to the repository's root.
  std::string path;
  /// All files that belong to the flow, sorted by path.
  std::vector<git::Entry> files;
};

/// A flow as its author wrote it, in the service's terms whatever the layout. Missing parts are absent, and parts of
/// the wrong type are kept as they are: the rules report them.
struct Flow {
  /// As written; see `FlowId` for what the service accepts.
  std::string id;
  /// Where the id is written; absent in a snapshot, where the folder name is the id.
  json::Value id_at;
  Source source;
  /// Members of `metadata`, without a snapshot's `screens`, `references` and `flowId`.
  Fields metadata;
  /// The whole `metadata`, for positions (in a snapshot the root of metadata.json); absent if it is missing.
  json::Value metadata_at;
  json::Value contents;
  std::vector<Screen> screens;
  /// The list of screens, if it is written as one value; absent otherwise.
  json::Value screens_at;
  json::Value references;
  /// Other members of the flow itself, passed through.
  Fields others;
  /// False if one of its files is missing or not JSON: it must not be sent.
  bool complete = true;

  /// Own what the values above point into.
  std::vector<json::DocumentPtr> documents;
};

/// Frees the memory of a flow that is one of many, until it is next used. Nobody may use it meanwhile.
void rest(const Flow& flow);

/// `metadata`, a list of screens or a screen of the wrong type, which so has no parts; absent if the type is right.
json::Value malformed_metadata(const Flow& flow);
json::Value malformed_screens(const Flow& flow);
json::Value malformed_screen(const Screen& screen);

/// A screen among the others of its flow: by its id and, where several have one, by which of them it is.
using ScreenKey = std::pair<std::string, std::size_t>;

/// The keys of the screens, in their order.
std::vector<ScreenKey> screen_keys(const Flow& flow);
std::map<ScreenKey, const Screen*> screens_by_key(const Flow& flow);

/// The first screen of that id, or null.
const Screen* find_screen(const Flow& flow, std::string_view id);

/// The screen that a token of a JSON Pointer names, by its index or, if there is none, by its id; or null.
const Screen* screen_at(const Flow& flow, const std::string& token);

}  // namespace flowship::flow
