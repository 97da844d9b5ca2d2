#pragma once

#include "git/remote/host.hpp"

#include <span>
#include <string_view>

namespace flowship::cli {

/// A file of examples/ that makes a host's pipelines validate and deploy flows, byte for byte.
struct Workflow {
  git::Host host;
  /// Where it belongs in a repository of flows.
  std::string_view path;
  std::string_view text;
};

std::span<const Workflow> workflows();

}  // namespace flowship::cli
