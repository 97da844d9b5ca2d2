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

/// The steps whose action, factor, id or name, … at least one selector's glob matches. A screen also goes by the names
/// of the tasks of its flow that show it, a connector by its id. Each graph is looked at once.
class StepSet {
 public:
  /// `graphs` must outlive it.
  StepSet(const StepGraphs& graphs, std::vector<Selector> selectors)
      : graphs_(graphs), selectors_(std::move(selectors)), has_matched_(selectors_.size()) {}

  bool has(std::size_t graph, std::size_t step) const { return of_graph(graph)[step]; }

  const std::vector<Selector>& selectors() const { return selectors_; }
  /// By step.
  const std::vector<bool>& of_graph(std::size_t graph) const;
  /// By selector, whether it matched in the graphs that were looked at so far.
  const std::vector<bool>& has_matched() const { return has_matched_; }

 private:
  const StepGraphs& graphs_;
  std::vector<Selector> selectors_;
  mutable std::vector<bool> has_matched_;
  /// By graph, then step.
  mutable std::vector<std::optional<std::vector<bool>>> known_;
};

}  // namespace flowship::flow
