#pragma once

#include "flow/layouts/writing.hpp"
#include "flow/model/flow.hpp"

#include <string>
#include <vector>

namespace flowship::flow {

struct Conversion {
  FileChanges files;
  /// Pointers into the source to what import has no place for, which is left out.
  std::vector<std::string> dropped;
};

/// The flow's files in another layout, at `path`. What would be lost is an `Error` of `Fault::invalid`.
Conversion converted(const Flow& source, Layout layout, const std::string& path);

}  // namespace flowship::flow
