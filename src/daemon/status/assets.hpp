#pragma once

#include <span>
#include <string_view>

// The files in assets/, as they are compiled in.

namespace flowship::daemon {

/// A file that pages load.
struct Asset {
  std::string_view name;
  std::string_view type;
  std::string_view text;
};

std::span<const Asset> assets();

/// The skeletons of the pages.
std::string_view page_skeletons();

}  // namespace flowship::daemon
