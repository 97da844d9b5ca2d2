#pragma once

#include "report/html/markup.hpp"

#include <initializer_list>
#include <map>
#include <string_view>
#include <utility>

namespace flowship::report {

/// The skeletons in an asset file, each introduced by a line `<!-- name -->`. The newline before the next such line
/// separates; a blank line there gives the skeleton a newline at its end.
class Skeletons {
 public:
  /// `file` must outlive the skeletons, and begin with such a line.
  explicit Skeletons(std::string_view file);

  /// The skeleton `name` with each `{{placeholder}}` replaced by its value. A value that is a text is escaped. An
  /// unknown skeleton or a placeholder without a value is a `std::logic_error`.
  Markup fill(std::string_view name, std::initializer_list<std::pair<std::string_view, Markup>> values = {}) const;

 private:
  std::map<std::string_view, std::string_view> skeletons_;
};

}  // namespace flowship::report
