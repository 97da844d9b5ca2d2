#pragma once

#include "flow/layouts/files.hpp"
#include "flow/layouts/reading.hpp"
#include "flow/model/flow.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace flowship::flow {

/// One place that may hold a flow: a folder with the files directly in it, or a single file.
struct Place {
  enum class Kind { folder, file };

  Kind kind = Kind::folder;
  std::string path;
  /// Its files, as indexes into `Files`.
  std::size_t first = 0;
  std::size_t last = 0;
  /// Whether flows are expected here: the folder lies in one named `flows` or in a source.
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
  /// Import has no place for it, so that it is never missed.
  bool is_needless = false;
};

/// How flows of one layout are told from everything else, and read. To add a layout, write these functions and give
/// them a row in `kLayouts`; what writes it gets one in writing.cpp.
struct LayoutFacts {
  Layout layout;
  std::string_view name;
  bool (*recognise)(Files&, const Place&);
  Flow (*read)(Files&, const Place&, std::vector<Problem>&);
  /// What `read` left out of the file that it got this flow from.
  std::vector<LeftOut> (*left_out)(const Flow& flow);
};

/// The layout of that name; nothing for any other text.
std::optional<Layout> layout_from(std::string_view name);

/// All layouts; of two that recognise a place the first one reads it.
std::span<const LayoutFacts> layouts();

bool is_snapshot(Files& files, const Place& place);
Flow read_snapshot(Files& files, const Place& place, std::vector<Problem>& problems);

bool is_console(Files& files, const Place& place);
Flow read_console(Files& files, const Place& place, std::vector<Problem>& problems);
std::vector<LeftOut> left_out_of_console(const Flow& flow);

bool is_exported(Files& files, const Place& place);
Flow read_exported(Files& files, const Place& place, std::vector<Problem>& problems);
std::vector<LeftOut> left_out_of_exported(const Flow& flow);

/// The flow in the root of an exported file: the root itself, or what a copy of the service's answer has under `flow`.
json::Value exported_flow(json::Value root);

/// A file that can't be parsed but has to count as a flow.
Flow read_broken(Files& files, const Place& place, std::vector<Problem>& problems);

/// Whether a file of that name belongs to a flow in snapshot layout.
bool is_snapshot_file(std::string_view name);
/// The path of the source that a flow's file belongs to: a snapshot's folder, or the file itself.
std::string source_of(std::string_view path);
/// `welcome` of `screen-welcome.json`; empty for any other name.
std::string_view screen_name(std::string_view file_name);
/// Whether a value is the graph of a flow, as `contents` holds it.
bool is_graph(json::Value value);

/// An object's members as they stand.
Fields fields_of(json::Value object);
/// A screen in the service's terms; one that is no object has no fields.
Screen screen_of(json::Value screen);
/// Puts the parts of `object`, which has the service's shape, into `flow`.
void take_export(json::Value object, Flow& flow);

/// Files' fault, as a problem of the flow `id`.
Problem syntax_problem(const std::string& path, const json::SyntaxFault& fault, const std::string& id);

}  // namespace flowship::flow
