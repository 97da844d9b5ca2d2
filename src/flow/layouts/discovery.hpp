#pragma once

#include "flow/layouts/layouts.hpp"

#include <cstddef>
#include <vector>

namespace flowship::flow {

/// A place that holds a flow, and the layout that recognised it (null: a broken file that has to count as one).
struct Found {
  Place place;
  const LayoutFacts* layout;
};

/// What was found among the files.
struct Discovery {
  std::vector<Found> flows;
  /// Symbolic links and submodules where a flow's file or folder should be, but not inside a flow's folder.
  std::vector<std::size_t> links;
  /// Every `flows.json`.
  std::vector<std::size_t> lists;
  /// Files that were looked into and hold no flow.
  std::vector<std::size_t> others;
};

/// Finds the flows: folders first, by names and a glance at the texts; then, among the files that are left, by their
/// shape.
Discovery discover(Files& files, const Scope& scope, unsigned threads);

}  // namespace flowship::flow
