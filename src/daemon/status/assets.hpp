#pragma once

#include <span>
#include <string_view>

namespace flowship::daemon {

/// A file that pages load, as it lies in assets/.
struct Asset {
  std::string_view name;
  std::string_view type;
  std::string_view text;
};

std::span<const Asset> assets();

}  // namespace flowship::daemon
