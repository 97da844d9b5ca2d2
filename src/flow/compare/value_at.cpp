#include "flow/compare/value_at.hpp"

namespace flowship::flow {

FlowValues::FlowValues(const Flow& flow) : flow_(flow) {
  for (const Screen& screen : flow.screens) {
    const auto [place, is_new] = screens_.emplace(screen.id, &screen);
    if (!is_new) place->second = nullptr;
  }
}

json::Value FlowValues::value_at(const json::Pointer& path) const {
  const auto below = [&](json::Value value, std::ptrdiff_t length) {
    return json::resolve(value, {path.begin() + length, path.end()});
  };
  if (path.front() == "contents") return below(flow_.contents, 1);
  if (path.front() == "references") return below(flow_.references, 1);
  if (path.size() >= 2 && path.front() == "metadata") return below(value_of(flow_.metadata, path[1]), 2);
  if (path.size() < 3 || path.front() != "screens") return {};
  const auto screen = screens_.find(path[1]);
  if (screen == screens_.end() || screen->second == nullptr) return {};
  return below(value_of(screen->second->fields, path[2]), 3);
}

}  // namespace flowship::flow
