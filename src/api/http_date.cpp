#include "api/http_date.hpp"

#include <array>
#include <cstdio>
#include <ctime>
#include <string>

namespace flowship::api {

namespace {

/// The fields of a date as they stand in it.
struct Fields {
  int year = 0;
  std::array<char, 4> month{};
  int day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
};

/// Whether all of `text` has the form of `format`, whose last item is `%n`. Days and months are English whatever the
/// locale, so strptime would not do.
template <typename... Parts>
bool reads(const std::string& text, const char* format, Parts*... parts) {
  int length = 0;
  return std::sscanf(text.c_str(), format, parts..., &length) == static_cast<int>(sizeof...(parts)) &&
         static_cast<std::size_t>(length) == text.size();
}

int year_of(Time time) {
  return static_cast<int>(std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(time)).year());
}

std::optional<Fields> parse(const std::string& text, Time now) {
  Fields date;
  char* const month = date.month.data();
  // Sun, 06 Nov 1994 08:49:37 GMT
  if (reads(text, "%*3[A-Za-z], %2d %3s %4d %2d:%2d:%2d GMT%n", &date.day, month, &date.year, &date.hour, &date.minute,
            &date.second)) {
    return date;
  }
  // Sun Nov  6 08:49:37 1994
  if (reads(text, "%*3[A-Za-z] %3s %2d %2d:%2d:%2d %4d%n", month, &date.day, &date.hour, &date.minute, &date.second,
            &date.year)) {
    return date;
  }
  // Sunday, 06-Nov-94 08:49:37 GMT
  if (!reads(text, "%*9[A-Za-z], %2d-%3s-%2d %2d:%2d:%2d GMT%n", &date.day, month, &date.year, &date.hour, &date.minute,
             &date.second)) {
    return std::nullopt;
  }
  const int latest = year_of(now) + 50;
  date.year += latest - latest % 100;
  if (date.year > latest) date.year -= 100;
  return date;
}

}  // namespace

std::optional<Time> parse_http_date(std::string_view text, Time now) {
  const std::optional<Fields> date = parse(std::string(text), now);
  if (!date) return std::nullopt;
  constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const std::size_t month = kMonths.find(date->month.data());
  if (month == std::string_view::npos || month % 3 != 0) return std::nullopt;
  std::tm parts{};
  parts.tm_year = date->year - 1900;
  parts.tm_mon = static_cast<int>(month / 3);
  parts.tm_mday = date->day;
  parts.tm_hour = date->hour;
  parts.tm_min = date->minute;
  parts.tm_sec = date->second;
  return std::chrono::system_clock::from_time_t(timegm(&parts));
}

}  // namespace flowship::api
