#pragma once

#include "check/findings/finding.hpp"
#include "flow/model/flow.hpp"
#include "json/document.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace flowship::check {

/// Gathers what the rules have to say about one flow. Places are kept as offsets and turned into lines and columns once
/// at the end, in one walk over each text, so that thousands of findings in one file stay cheap.
class Findings {
 public:
  explicit Findings(const flow::Flow& flow) : flow_(flow) {}

  /// A finding at the beginning of `at`, which must not be absent.
  void add(std::string_view rule, json::Value at, std::string message, std::string hint = {});
  /// A finding at a byte of a document's text.
  void add(std::string_view rule, const json::Document& document, std::size_t offset, std::string message,
           std::string hint = {});

  /// All findings, in no order, with rule, message, hint, place and flow set; severities are for the caller.
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

/// A text of the author's as a message shows it: in backticks, in one line, cut when it is long, and masked when it
/// holds a secret.
std::string in_ticks(std::string_view text);

}  // namespace flowship::check
