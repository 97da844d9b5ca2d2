#pragma once

#include "check/findings/finding.hpp"
#include "flow/model/flow.hpp"
#include "json/document.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace flowship::check {

/// Collects the findings of one flow.
class Findings {
 public:
  explicit Findings(const flow::Flow& flow) : flow_(flow) {}

  /// A finding at the beginning of `at`, which must not be absent. Its severity may be lowered.
  Finding& add(std::string_view rule, json::Value at, std::string message, std::string hint = {});
  /// A finding at a byte of a document's text.
  Finding& add(std::string_view rule, const json::Document& document, std::size_t offset, std::string message,
               std::string hint = {});

  /// All findings, in no order; the caller sets their severities.
  std::vector<Finding> take() { return std::move(findings_); }

 private:
  const flow::Flow& flow_;
  std::vector<Finding> findings_;
};

/// A text of the author's for a message: in backticks, on one line, truncated, and masked if it contains a secret.
std::string in_ticks(std::string_view text);

}  // namespace flowship::check
