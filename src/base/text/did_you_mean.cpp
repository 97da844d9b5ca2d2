#include "base/text/did_you_mean.hpp"

#include <algorithm>
#include <cctype>
#include <numeric>

namespace flowship {

namespace {

/// Levenshtein distance, ignoring case.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  const auto lower = [](char letter) { return std::tolower(static_cast<unsigned char>(letter)); };
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (lower(a[i]) == lower(b[j]) ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({row[j] + 1, row[j + 1] + 1, replaced});
    }
  }
  return row[b.size()];
}

}  // namespace

std::vector<std::string> nearest_names(std::string_view name, const std::vector<std::string>& known, std::size_t most) {
  std::vector<std::pair<std::size_t, std::string>> near;
  for (const std::string& candidate : known) {
    const std::size_t far = distance(name, candidate);
    if (far <= std::max<std::size_t>(2, std::max(name.size(), candidate.size()) / 3)) near.emplace_back(far, candidate);
  }
  std::sort(near.begin(), near.end());
  near.erase(std::unique(near.begin(), near.end()), near.end());
  if (near.size() > most) near.resize(most);
  std::vector<std::string> names;
  for (auto& [far, candidate] : near) names.push_back(std::move(candidate));
  return names;
}

std::string did_you_mean(std::string_view name, const std::vector<std::string>& known) {
  std::string text;
  for (const std::string& candidate : nearest_names(name, known)) {
    text += (text.empty() ? "did you mean `" : ", `") + candidate + "`";
  }
  return text.empty() ? text : text + "?";
}

}  // namespace flowship
