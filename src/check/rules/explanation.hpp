#pragma once

#include <span>
#include <string_view>

namespace flowship::check {

/// What `flowship explain RULE` says besides the rule's summary.
struct Explanation {
  std::string_view rule;
  /// What goes wrong where the rule is broken.
  std::string_view why;
  /// What breaks it: JSON, or a sentence about files.
  std::string_view example;
  std::string_view fix;
};

// By group, in the order of `rules()`; each rule has one, which a test compares.
std::span<const Explanation> structure_explanations();
std::span<const Explanation> content_explanations();

/// The explanation of a rule of `rules()`.
const Explanation& explanation_of(std::string_view rule);

}  // namespace flowship::check
