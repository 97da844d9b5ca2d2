#pragma once

#include "flow/layouts/files.hpp"
#include "flow/layouts/reading.hpp"
#include "flow/layouts/writing.hpp"
#include "flow/model/flow.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace flowship::flow {

/// A place that may contain a flow: a folder with the files directly in it, or a single file.
struct Place {
  enum class Kind { folder, file };

  Kind kind = Kind::folder;
  std::string path;
  /// Its files, as indexes into `Files`.
  std::size_t first = 0;
  std::size_t last = 0;
  /// Flows are expected here: the folder's parent is named `flows` or is a source.
  bool expected = false;
  /// Below a source that the user configured.
  bool in_source = false;
  /// In `Scope::known`.
  bool known = false;
};

/// A value in a flow's files that reading leaves out.
struct LeftOut {
  /// Where, into the file.
  std::string pointer;
  /// Import does not accept it, so it is never missed.
  bool is_redundant = false;
};

/// How flows of one layout are recognised, read and written. To add a layout: a file with these functions, and a row in
/// `kLayouts`.
struct LayoutFacts {
  Layout layout;
  std::string_view name;
  bool (*recognise)(Files&, const Place&);
  Flow (*read)(Files&, const Place&, std::vector<Problem>&);
  /// What `read` left out of the file that it read this flow from; null: never anything.
  std::vector<LeftOut> (*left_out)(const Flow& flow);
  /// See `files_of`.
  FileChanges (*write)(const Flow& flow, const std::string& path, const Flow* existing);
};

/// The layout of that name.
std::optional<Layout> layout_from(std::string_view name);

/// All layouts; of two that recognise a place, the first reads it.
std::span<const LayoutFacts> layouts();

const LayoutFacts& facts_of(Layout layout);

bool is_snapshot(Files& files, const Place& place);
Flow read_snapshot(Files& files, const Place& place, std::vector<Problem>& problems);
FileChanges write_snapshot(const Flow& flow, const std::string& path, const Flow* existing);

bool is_console(Files& files, const Place& place);
Flow read_console(Files& files, const Place& place, std::vector<Problem>& problems);
std::vector<LeftOut> left_out_of_console(const Flow& flow);
FileChanges write_console(const Flow& flow, const std::string& path, const Flow* existing);

bool is_exported(Files& files, const Place& place);
Flow read_exported(Files& files, const Place& place, std::vector<Problem>& problems);
std::vector<LeftOut> left_out_of_exported(const Flow& flow);
FileChanges write_exported(const Flow& flow, const std::string& path, const Flow* existing);

/// The flow in the root of an exported file: the root itself, or `flow` in a copy of the service's response.
json::Value exported_flow(json::Value root);

/// A file that can't be parsed but counts as a flow.
Flow read_broken(Files& files, const Place& place, std::vector<Problem>& problems);

/// Whether a file of that name belongs to a flow in snapshot layout.
bool is_snapshot_file(std::string_view name);
/// Whether a file of that name may be a flow. Those that lie beside flows, such as flowship.json, never are.
bool may_be_flow_file(std::string_view name);
/// The path of the source that a flow's file belongs to: a snapshot's folder, or the file itself.
std::string source_of(std::string_view path);
/// `welcome` of `screen-welcome.json`; empty for any other name.
std::string_view screen_name(std::string_view file_name);
/// Whether a value looks like `contents`, the graph of a flow.
bool is_graph(json::Value value);

/// A syntax error, as a problem of the flow `id`.
Problem syntax_problem(const std::string& path, const json::SyntaxFault& fault, const std::string& id);

}  // namespace flowship::flow
