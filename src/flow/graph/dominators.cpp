#include "flow/graph/dominators.hpp"

#include <algorithm>
#include <limits>

namespace flowship::flow {

namespace {

constexpr std::size_t kOffPath = std::numeric_limits<std::size_t>::max();

}  // namespace

std::vector<std::size_t> dominators(const StepGraph& graph, const std::vector<std::size_t>& path, PathEnds ends) {
  const auto is_end = [&](const Step& step) { return ends == PathEnds::all ? step.is_end() : step.is_session; };
  std::vector<std::size_t> place(graph.steps.size(), kOffPath);
  for (std::size_t index = 0; index < path.size(); ++index) place[path[index]] = index;
  std::vector<bool> is_seen(graph.steps.size());
  std::vector<std::size_t> found;
  // How far along the path one can get around the steps between.
  std::size_t farthest = 0;
  for (std::size_t index = 0; index < path.size(); ++index) {
    if (farthest <= index) found.push_back(path[index]);
    if (is_end(graph.steps[path[index]])) break;
    std::vector<std::size_t> open{path[index]};
    while (!open.empty()) {
      const Step& step = graph.steps[open.back()];
      open.pop_back();
      for (const Way& way : step.ways) {
        if (place[way.to] != kOffPath) {
          farthest = std::max(farthest, place[way.to]);
        } else if (is_end(graph.steps[way.to])) {
          farthest = path.size();
        } else if (!is_seen[way.to]) {
          is_seen[way.to] = true;
          open.push_back(way.to);
        }
      }
    }
  }
  return found;
}

}  // namespace flowship::flow
