#pragma once

#include "git/remote/host.hpp"

#include <span>
#include <string_view>

namespace flowship::cli {

/// A workflow of examples/, byte for byte: validates and deploys flows in a host's pipelines.
struct Workflow {
  git::Host host;
  /// Its place in a repository of flows.
  std::string_view path;
  std::string_view text;
};

std::span<const Workflow> workflows();

}  // namespace flowship::cli
