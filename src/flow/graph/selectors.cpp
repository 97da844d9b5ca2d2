#include "flow/graph/selectors.hpp"

#include "base/text/glob.hpp"

#include <algorithm>
#include <array>

namespace flowship::flow {

namespace {

constexpr std::array<std::string_view, 6> kSelectorKinds{"action", "factor", "task", "screen", "connector", "subflow"};

bool matches_factor(const std::string& glob, FactorSet factors) {
  for (std::size_t kind = 0; kind < kFactorKinds; ++kind) {
    if ((factors & (1U << kind)) != 0 && matches_glob(glob, std::string(factor_kind(kind)))) return true;
  }
  return false;
}

bool matches_text(const std::string& glob, const std::string& text) {
  return !text.empty() && matches_glob(glob, text);
}

}  // namespace

std::string_view to_text(Selector::Kind kind) { return kSelectorKinds.at(static_cast<std::size_t>(kind)); }

std::optional<Selector::Kind> selector_kind_from(std::string_view text) {
  const auto* found = std::find(kSelectorKinds.begin(), kSelectorKinds.end(), text);
  if (found == kSelectorKinds.end()) return std::nullopt;
  return static_cast<Selector::Kind>(found - kSelectorKinds.begin());
}

std::string Selector::words() const { return std::string(to_text(kind)) + " `" + message_text(glob) + "`"; }

bool matches(const Selector& selector, const Step& step) {
  const std::string& glob = selector.glob;
  switch (selector.kind) {
    case Selector::Kind::action:
      return matches_text(glob, step.action);
    case Selector::Kind::factor:
      return matches_factor(glob, step.factors);
    case Selector::Kind::task:
      return matches_text(glob, step.id) || matches_text(glob, step.name);
    case Selector::Kind::screen:
      return !step.screen_id.empty() && (matches_glob(glob, step.screen_id) || matches_text(glob, step.name));
    case Selector::Kind::connector:
      return !step.connector_id.empty() &&
             (matches_glob(glob, step.connector) || matches_glob(glob, step.connector_id));
    case Selector::Kind::subflow:
      return matches_text(glob, step.subflow_id);
  }
  return false;
}

bool StepSet::has(std::size_t graph, std::size_t step) const {
  if (graph >= known_.size()) known_.resize(graph + 1);
  std::optional<std::vector<bool>>& known = known_[graph];
  if (!known) {
    known.emplace();
    for (const Step& each : graphs_.graph(graph).steps) {
      known->push_back(std::any_of(selectors_.begin(), selectors_.end(),
                                   [&](const Selector& selector) { return matches(selector, each); }));
    }
  }
  return (*known)[step];
}

}  // namespace flowship::flow
