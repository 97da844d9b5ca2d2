#include "flow/compare/value_at.hpp"

#include <algorithm>

namespace flowship::flow {

json::Value value_at(const Flow& flow, const json::Pointer& path) {
  const auto below = [&](json::Value value, std::ptrdiff_t length) {
    return json::resolve(value, {path.begin() + length, path.end()});
  };
  if (path.front() == "contents") return below(flow.contents, 1);
  if (path.front() == "references") return below(flow.references, 1);
  if (path.size() >= 2 && path.front() == "metadata") return below(value_of(flow.metadata, path[1]), 2);
  if (path.size() < 3 || path.front() != "screens") return {};
  const auto has_id = [&](const Screen& screen) { return screen.id == path[1]; };
  if (std::count_if(flow.screens.begin(), flow.screens.end(), has_id) != 1) return {};
  return below(value_of(std::find_if(flow.screens.begin(), flow.screens.end(), has_id)->fields, path[2]), 3);
}

}  // namespace flowship::flow
