#pragma once

#include <string_view>

namespace flowship::report {

/// CSS of the page that `--format html` writes, light and dark, without the drawings' own.
std::string_view page_style();

}  // namespace flowship::report
