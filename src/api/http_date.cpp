#include "api/http_date.hpp"

#include <algorithm>
#include <charconv>
#include <string>

namespace flowship::api {

namespace {

int year_of(Time time) {
  return static_cast<int>(std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(time)).year());
}

/// `Sunday, 06-Nov-94 08:49:37 GMT` with its year in full.
std::string with_full_year(std::string_view text, Time now) {
  constexpr std::string_view kAfterYear = " 08:49:37 GMT";
  const std::size_t at = text.size() - std::min(text.size(), kAfterYear.size() + 2);
  int year = 0;
  const auto [end, error] = std::from_chars(text.data() + at, text.data() + text.size(), year);
  if (error != std::errc() || end != text.data() + at + 2) return {};
  const int latest = year_of(now) + 50;
  year += latest - latest % 100;
  if (year > latest) year -= 100;
  return std::string(text.substr(0, at)) + std::to_string(year) + std::string(text.substr(at + 2));
}

}  // namespace

std::optional<Time> parse_http_date(std::string_view text, Time now) {
  if (const auto time = parse_strictly(text, "%w, %d %b %Y %H:%M:%S GMT")) return time;
  if (const auto time = parse_strictly(text, "%w %b %f %H:%M:%S %Y")) return time;
  return parse_strictly(with_full_year(text, now), "%W, %d-%b-%Y %H:%M:%S GMT");
}

}  // namespace flowship::api
