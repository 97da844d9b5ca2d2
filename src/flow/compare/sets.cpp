#include "flow/compare/sets.hpp"

#include "flow/compare/path_pattern.hpp"
#include "json/compare.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace flowship::flow {

namespace {

constexpr std::string_view kSets[] = {
    "/metadata/sharedInteractions",
    "/metadata/translation/targetLanguages",
    "/screens/*/interactions",
    "/contents/tasks/*/interactions",
    "/references/oauth",
    "/references/omitted",
    "/references/roles",
    "/references/tenantAttributes",
    "/references/userAttributes",
};

std::vector<std::string> sorted_elements(json::Value list) {
  std::vector<std::string> texts;
  for (const json::Value item : list.items()) texts.push_back(json::canonical(item, json::Empties::absent));
  std::sort(texts.begin(), texts.end());
  return texts;
}

}  // namespace

std::optional<json::Pointer> set_around(const json::Pointer& path) {
  for (const std::string_view pattern : kSets) {
    const std::size_t length = length_of(pattern);
    if (path.size() < length) continue;
    json::Pointer place(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(length));
    if (matches(pattern, place)) return place;
  }
  return std::nullopt;
}

bool same_set(json::Value a, json::Value b) {
  const auto is_list = [](json::Value value) { return !value || value.is(json::Type::array); };
  return is_list(a) && is_list(b) && sorted_elements(a) == sorted_elements(b);
}

}  // namespace flowship::flow
