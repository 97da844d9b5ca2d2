#pragma once

#include "check/findings/finding.hpp"
#include "flow/model/flow.hpp"
#include "json/document.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace flowship::check {

/// Collects the findings of one flow. Places are kept as offsets and become lines and columns at the end, in one pass
/// over each text, so that thousands of findings in one file stay cheap.
class Findings {
 public:
  explicit Findings(const flow::Flow& flow) : flow_(flow) {}

  /// A finding at the beginning of `at`, which must not be absent.
  void add(std::string_view rule, json::Value at, std::string message, std::string hint = {});
  /// A finding at a byte of a document's text.
  void add(std::string_view rule, const json::Document& document, std::size_t offset, std::string message,
           std::string hint = {});

  /// All findings, in no order; the caller sets their severities.
  std::vector<Finding> take();

 private:
  struct Pending {
    Finding finding;
    const json::Document* document;
    std::size_t offset;
  };

  const flow::Flow& flow_;
  std::vector<Pending> pending_;
};

/// A text of the author's for a message: in backticks, on one line, truncated, and masked if it contains a secret.
std::string in_ticks(std::string_view text);

}  // namespace flowship::check
