#include "base/duration.hpp"

#include <charconv>
#include <utility>

namespace flowship {

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  long long count = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, count);
  if (error != std::errc() || count < 0) return std::nullopt;
  constexpr std::pair<std::string_view, long long> kUnits[] = {
      {"ms", 1}, {"s", 1000}, {"", 1000}, {"m", 60'000}, {"h", 3'600'000}};
  constexpr long long kYear = 366LL * 24 * 3'600'000;
  const std::string_view unit(end, static_cast<std::size_t>(last - end));
  for (const auto& [name, factor] : kUnits) {
    if (unit == name && count <= kYear / factor) return std::chrono::milliseconds(count * factor);
  }
  return std::nullopt;
}

}  // namespace flowship
