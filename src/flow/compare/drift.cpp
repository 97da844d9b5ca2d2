#include "flow/compare/drift.hpp"

#include "flow/compare/compare.hpp"
#include "flow/compare/path_pattern.hpp"
#include "flow/compare/sets.hpp"
#include "flow/compare/value_at.hpp"

#include <algorithm>
#include <map>

namespace flowship::flow {

namespace {

constexpr std::string_view kUpgradedMember = "/metadata/componentsVersion";

/// Finds out once for each list that is a set whether only its order differs.
class SetOrder {
 public:
  SetOrder(const Flow& before, const Flow& live) : before_(before), live_(live) {}

  bool explains(const json::Difference& difference) {
    const json::Pointer path = *json::parse_pointer(difference.pointer);
    const std::optional<json::Pointer> place = set_around(path);
    if (!place) return false;
    const auto [known, is_new] = same_.emplace(*place, false);
    if (is_new) known->second = same_set(before_.value_at(*place), live_.value_at(*place));
    return known->second;
  }

 private:
  const FlowValues before_;
  const FlowValues live_;
  std::map<json::Pointer, bool> same_;
};

}  // namespace

std::vector<json::Difference> drift(const Flow& before, const Flow& live, const std::vector<std::string>& ignored) {
  std::vector<json::Difference> found = differences(before, live);
  SetOrder order(before, live);
  std::erase_if(found, [&](const json::Difference& difference) {
    return !is_drift(difference.pointer, ignored) || order.explains(difference);
  });
  return found;
}

bool is_at_or_below(std::string_view pointer, std::string_view place) {
  return pointer.starts_with(place) && (pointer.size() == place.size() || pointer[place.size()] == '/');
}

bool is_drift(std::string_view pointer, const std::vector<std::string>& ignored) {
  const auto covers = [&](std::string_view place) { return is_at_or_below(pointer, place); };
  return !covers(kUpgradedMember) && std::none_of(ignored.begin(), ignored.end(), covers);
}

}  // namespace flowship::flow
