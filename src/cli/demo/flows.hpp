#pragma once

#include <span>
#include <string_view>

namespace flowship::cli {

/// A file of examples/flows, byte for byte.
struct DemoFile {
  /// Below a repository's root.
  std::string_view path;
  std::string_view text;
};

/// The flows that `flowship demo` deploys.
std::span<const DemoFile> demo_files();

}  // namespace flowship::cli
