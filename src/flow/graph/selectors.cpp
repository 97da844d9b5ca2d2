#include "flow/graph/selectors.hpp"

#include "base/text/glob.hpp"

#include <algorithm>
#include <array>
#include <set>

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

/// Whether a name of the connector matches.
bool has_name(const Flow& flow, const std::string& id, const std::string& glob) {
  for (const json::Member connector : flow.references.find("connectors").members()) {
    if (string_of(connector.value) == id && matches_glob(glob, connector.name())) return true;
  }
  return false;
}

bool is_task_of_type(const Step& step, std::string_view type) { return string_of(step.task.find("type")) == type; }

std::string screen_of(const Step& step) { return string_of(step.task.find("screenId")); }

/// By the step's own properties.
bool matches_step(const Selector& selector, const Flow& flow, const Step& step) {
  const std::string& glob = selector.glob;
  const auto is_of_type = [&](std::string_view type) { return is_task_of_type(step, type); };
  switch (selector.kind) {
    case Selector::Kind::action:
      return matches_text(glob, string_of(step.task.find("action")));
    case Selector::Kind::factor:
      return matches_factor(glob, step.factors);
    case Selector::Kind::task:
      return matches_text(glob, step.id) || matches_text(glob, step.name);
    case Selector::Kind::screen:
      return is_of_type("screen") && (matches_text(glob, screen_of(step)) || matches_text(glob, step.name));
    case Selector::Kind::connector: {
      const std::string id = argument_of(step.task, "connectorId");
      return !id.empty() && is_of_type("automated") && (matches_glob(glob, id) || has_name(flow, id, glob));
    }
    case Selector::Kind::subflow:
      return is_of_type("flow") && matches_text(glob, argument_of(step.task, "flowId"));
  }
  return false;
}

/// The screens that a task of such a name shows.
std::set<std::string> screens_named(const std::vector<Step>& steps, const Selector& selector) {
  std::set<std::string> screens;
  if (selector.kind != Selector::Kind::screen) return screens;
  for (const Step& step : steps) {
    if (is_task_of_type(step, "screen") && matches_text(selector.glob, step.name)) screens.insert(screen_of(step));
  }
  screens.erase("");
  return screens;
}

}  // namespace

std::string_view to_text(Selector::Kind kind) { return kSelectorKinds.at(static_cast<std::size_t>(kind)); }

std::optional<Selector::Kind> selector_kind_from(std::string_view text) {
  const auto* found = std::find(kSelectorKinds.begin(), kSelectorKinds.end(), text);
  if (found == kSelectorKinds.end()) return std::nullopt;
  return static_cast<Selector::Kind>(found - kSelectorKinds.begin());
}

std::string Selector::words() const { return std::string(to_text(kind)) + " `" + message_text(glob) + "`"; }

const std::vector<bool>& StepSet::of_graph(std::size_t graph) const {
  if (graph >= known_.size()) known_.resize(graph + 1);
  std::optional<std::vector<bool>>& known = known_[graph];
  if (known) return *known;
  const StepGraph& of = graphs_.graph(graph);
  const std::vector<Step>& steps = of.steps;
  known.emplace(steps.size());
  for (std::size_t index = 0; index < selectors_.size(); ++index) {
    const Selector& selector = selectors_[index];
    const std::set<std::string> screens = screens_named(steps, selector);
    for (std::size_t step = 0; step < steps.size(); ++step) {
      const bool is_named =
          !screens.empty() && is_task_of_type(steps[step], "screen") && screens.contains(screen_of(steps[step]));
      if (!is_named && !matches_step(selector, *of.flow, steps[step])) continue;
      (*known)[step] = true;
      has_matched_[index] = true;
    }
  }
  return *known;
}

}  // namespace flowship::flow
