#pragma once

#include "check/findings/finding.hpp"
#include "flow/model/flow.hpp"
#include "json/document.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace flowship::check {

/// Whether the places of a cause are one finding, or one each.
enum class Grouping { by_cause, by_place };

/// Collects the findings of one flow.
class Findings {
 public:
  explicit Findings(const flow::Flow& flow, Grouping grouping = Grouping::by_cause)
      : flow_(flow), grouping_(grouping) {}

  /// A finding at the beginning of `at`, which must not be absent. Its severity may be lowered.
  Finding& add(std::string_view rule, json::Value at, std::string message, std::string hint = {});
  /// A finding at a byte of a document's text.
  Finding& add(std::string_view rule, const json::Document& document, std::size_t offset, std::string message,
               std::string hint = {});
  /// The same for what has a cause that may show in several places, such as a screen that does not exist: the first
  /// place in a file makes the finding, and the others are added to its `places`. `task` is how messages name the task
  /// at that place, if there is one.
  Finding& add_for(const std::string& cause, std::string_view rule, json::Value at, std::string message,
                   std::string hint, std::string task = {});
  Finding& add_for(const std::string& cause, std::string_view rule, const json::Document& document, std::size_t offset,
                   std::string message, std::string hint, std::string task = {});

  /// All findings, in no order; the caller sets their severities.
  std::vector<Finding> take() { return std::move(findings_); }

 private:
  const flow::Flow& flow_;
  const Grouping grouping_;
  std::vector<Finding> findings_;
  /// Indexes in `findings_` by rule, file and cause.
  std::map<std::tuple<std::string, std::string, std::string>, std::size_t> by_cause_;
};

/// A text of the author's for a message: in backticks, on one line, truncated, and masked if it contains a secret.
std::string in_ticks(std::string_view text);

/// A task or screen in a message, as people see it: its name in backticks with the id in parentheses, or the id alone.
std::string name_in_ticks(std::string_view name, std::string_view id);

}  // namespace flowship::check
