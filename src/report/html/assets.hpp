#pragma once

#include <string_view>

// The files in assets/, as they are compiled in.

namespace flowship::report {

/// The skeletons of the page that `--format html` writes.
std::string_view page_skeletons();

/// CSS of that page, light and dark, without that of the drawings.
std::string_view page_style();

}  // namespace flowship::report
