#pragma once

#include "flow/layouts/layouts.hpp"

#include <cstddef>
#include <string_view>
#include <vector>

namespace flowship::flow {

/// A place with a flow, and the layout that recognised it (null: a broken file that counts as a flow).
struct Found {
  Place place;
  const LayoutFacts* layout;
};

/// What was found among the files.
struct Discovery {
  std::vector<Found> flows;
  /// Symbolic links and submodules in place of a flow's file or folder, but not inside a flow's folder.
  std::vector<std::size_t> links;
  /// Every `flows.json`.
  std::vector<std::size_t> lists;
  /// Files that were examined and are not flows.
  std::vector<std::size_t> others;
};

/// Finds the flows: first folders, by file names and a substring search; then single files, by their shape.
Discovery discover(Files& files, const Scope& scope, unsigned threads);

/// Whether a file may be one of a flow in snapshot layout, by its path alone.
bool may_be_of_snapshot(std::string_view path);
/// Whether a JSON text may be a whole flow, without parsing it.
bool has_sign_of_a_flow(std::string_view text);

}  // namespace flowship::flow
