#pragma once

#include "flow/graph/steps.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// How policies name tasks.

namespace flowship::flow {

/// Names tasks by one of their properties.
struct Selector {
  enum class Kind { action, factor, task, screen, connector, subflow };

  Kind kind = Kind::action;
  std::string glob;

  /// For messages: ``factor `otp-*` ``.
  std::string words() const;

  bool operator==(const Selector&) const = default;
};

/// `action`, `factor`, `task`, `screen`, `connector`, `subflow`.
std::string_view to_text(Selector::Kind kind);

/// Nothing for an unknown text.
std::optional<Selector::Kind> selector_kind_from(std::string_view text);

/// Whether the task's action, factor, id or name, … matches the selector's glob. A screen also goes by the names of the
/// tasks that show it, a connector by its id.
bool matches(const Selector& selector, const Step& step);

/// The steps that at least one selector matches. Each graph is looked at once.
class StepSet {
 public:
  /// `graphs` must outlive it.
  StepSet(const StepGraphs& graphs, std::vector<Selector> selectors)
      : graphs_(graphs), selectors_(std::move(selectors)) {}

  bool has(std::size_t graph, std::size_t step) const;

 private:
  const StepGraphs& graphs_;
  std::vector<Selector> selectors_;
  /// By graph, then step.
  mutable std::vector<std::optional<std::vector<bool>>> known_;
};

}  // namespace flowship::flow
