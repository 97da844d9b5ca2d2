#include "sandbox/faults.hpp"

#include "base/error.hpp"
#include "base/text/did_you_mean.hpp"
#include "base/text/printable.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>
#include <vector>

namespace flowship::sandbox {

namespace {

std::optional<int> parse_count(std::string_view text, int least, int most) {
  int number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault != std::errc{} || end != text.data() + text.size() || number < least || number > most) return std::nullopt;
  return number;
}

constexpr int kMostCount = 1'000'000;
constexpr int kMostSeconds = 3'600;
constexpr int kMostLatency = 600'000;

const std::vector<std::string>& endpoints() {
  static const std::vector<std::string> names{"import", "export", "list", "delete", "license", "any"};
  return names;
}

std::string endpoint_of(std::string_view name) {
  for (const std::string& known : endpoints()) {
    if (known == name) return known;
  }
  const std::string hint = did_you_mean(name, endpoints());
  throw usage_error("unknown endpoint `" + printable(name) + "`",
                    hint.empty() ? "the endpoints are import, export, list, delete, license, any" : hint);
}

/// Removes `@ENDPOINT` from the end of the text, and returns the endpoint.
std::string take_endpoint(std::string_view& text) {
  const auto at = text.find('@');
  if (at == std::string_view::npos) return PlannedFault().endpoint;
  std::string endpoint = endpoint_of(text.substr(at + 1));
  text = text.substr(0, at);
  return endpoint;
}

std::string text_of(json::Value value, const std::string& name) {
  if (!value.is(json::Type::string)) throw usage_error("`" + name + "` is not a string");
  return value.string();
}

/// The faults besides `fail`, as JSON names them.
struct Silence {
  std::string_view name;
  PlannedFault::Kind kind;
};
constexpr Silence kSilences[] = {{"hang", PlannedFault::Kind::hang},
                                 {"drop", PlannedFault::Kind::drop},
                                 {"dropAfter", PlannedFault::Kind::drop_after},
                                 {"hangAfter", PlannedFault::Kind::hang_after},
                                 {"lie", PlannedFault::Kind::lie},
                                 {"stale", PlannedFault::Kind::stale}};

void plan(const std::string& name, const std::string& text, Faults& faults) {
  for (const Silence& silence : kSilences) {
    if (silence.name == name) plan_silence(silence.kind, text, faults);
  }
  if (name == "fail") plan_failure(text, faults);
}

/// One fault or a list of them; those that name no endpoint are for `only`.
void plan(const std::string& name, json::Value value, const std::string& only, Faults& faults) {
  if (value.is(json::Type::array)) {
    for (const json::Value item : value.items()) plan(name, item, only, faults);
    return;
  }
  const bool is_count = value.is(json::Type::number) && name != "fail";
  std::string text = is_count ? std::string(value.text()) : text_of(value, name);
  if (text.find('@') == std::string::npos && !only.empty()) text += "@" + only;
  plan(name, text, faults);
}

bool is_left(const PlannedFault& fault, std::string_view endpoint) {
  const bool is_any = fault.endpoint == "any" && endpoint != "license";
  return fault.count != 0 && (is_any || fault.endpoint == endpoint);
}

}  // namespace

void parse_rate_limit(std::string_view text, Faults& faults) {
  const auto slash = text.find('/');
  const auto requests = parse_count(text.substr(0, slash), 1, kMostCount);
  std::string_view period = slash == std::string_view::npos ? std::string_view() : text.substr(slash + 1);
  if (period.ends_with('s')) period.remove_suffix(1);
  const auto seconds = parse_count(period, 1, kMostSeconds);
  if (!requests || !seconds) {
    throw usage_error("`" + printable(text) + "` is not a rate limit",
                      "write it as N/SECONDS, for example 100/60 (at most " + std::to_string(kMostCount) +
                          " requests in at most " + std::to_string(kMostSeconds) + " seconds)");
  }
  faults.rate_limit = *requests;
  faults.rate_seconds = *seconds;
}

void plan_failure(std::string_view text, Faults& faults) {
  std::string_view rest = text;
  const std::string endpoint = take_endpoint(rest);
  const auto colon = rest.find(':');
  const auto status = parse_count(rest.substr(0, colon), 300, 599);
  const auto count =
      colon == std::string_view::npos ? std::optional<int>(-1) : parse_count(rest.substr(colon + 1), 1, kMostCount);
  if (!status || !count) {
    throw usage_error("`" + printable(text) + "` is not a valid failure",
                      "write it as STATUS, STATUS:COUNT or STATUS:COUNT@ENDPOINT, with a status from 300 to 599, for "
                      "example 503:2");
  }
  faults.planned.push_back(
      {.kind = PlannedFault::Kind::fail, .status = *status, .count = *count, .endpoint = endpoint});
}

void plan_silence(PlannedFault::Kind kind, std::string_view text, Faults& faults) {
  std::string_view rest = text;
  const bool names_endpoint = text.find('@') != std::string_view::npos;
  const std::string named = take_endpoint(rest);
  const std::string endpoint = kind == PlannedFault::Kind::stale && !names_endpoint ? "export" : named;
  const auto count = parse_count(rest, 0, kMostCount);
  if (!count) {
    throw usage_error("`" + printable(text) + "` is not a valid count",
                      "write it as COUNT or COUNT@ENDPOINT, for example 1@export");
  }
  faults.planned.push_back({.kind = kind, .status = 0, .count = *count, .endpoint = endpoint});
}

void parse_retry_after(std::string_view text, Faults& faults) {
  faults.retry_after = parse_count(text, 0, kMostSeconds);
  if (!faults.retry_after) {
    throw usage_error("`" + printable(text) + "` is not a number of seconds up to " + std::to_string(kMostSeconds));
  }
}

Faults read_faults(json::Value object) {
  if (!object.is(json::Type::object)) throw usage_error("the faults are not a JSON object");
  static const std::vector<std::string> names{"latency", "rateLimit", "retryAfter", "fail",  "drop",    "dropAfter",
                                              "hang",    "hangAfter", "lie",        "stale", "failOnly"};
  Faults faults;
  const json::Value only = object.find("failOnly");
  const std::string endpoint = only ? endpoint_of(text_of(only, "failOnly")) : std::string();
  for (const json::Member& member : object.members()) {
    const std::string name = member.name();
    const json::Value value = member.value;
    if (name == "latency") {
      const auto latency = value.is(json::Type::number) ? parse_count(value.text(), 0, kMostLatency) : std::nullopt;
      if (!latency) throw usage_error("`latency` is not a whole number up to " + std::to_string(kMostLatency));
      faults.latency = std::chrono::milliseconds(*latency);
    } else if (name == "rateLimit") {
      parse_rate_limit(text_of(value, name), faults);
    } else if (name == "retryAfter") {
      faults.rate_with_retry_after = !value.is(json::Type::boolean) || value.boolean();
      if (faults.rate_with_retry_after) {
        parse_retry_after(value.is(json::Type::number) ? value.text() : std::string_view(), faults);
      }
    } else if (std::find(names.begin(), names.end(), name) == names.end()) {
      throw usage_error("`" + printable(name) + "` is not a fault", did_you_mean(name, names));
    } else if (name != "failOnly") {
      plan(name, value, endpoint, faults);
    }
  }
  return faults;
}

void FaultPlayer::set(Faults faults) {
  const std::lock_guard lock(mutex_);
  faults_ = std::move(faults);
  taken_.clear();
}

std::optional<int> FaultPlayer::over_the_rate(Ticks now) {
  if (faults_.rate_limit <= 0) return std::nullopt;
  const auto window = std::chrono::seconds(faults_.rate_seconds);
  while (!taken_.empty() && taken_.front() + window <= now) taken_.pop_front();
  if (taken_.size() < static_cast<std::size_t>(faults_.rate_limit)) {
    taken_.push_back(now);
    return std::nullopt;
  }
  const auto wait = std::chrono::ceil<std::chrono::seconds>(taken_.front() + window - now);
  return static_cast<int>(wait.count());
}

Play FaultPlayer::next(std::string_view endpoint, Ticks now) {
  const std::lock_guard lock(mutex_);
  Play play;
  play.latency = faults_.latency;
  play.retry_after = over_the_rate(now);
  if (play.retry_after) {
    play.kind = Play::Kind::rate_limit;
    if (!faults_.rate_with_retry_after) play.retry_after.reset();
    return play;
  }
  PlannedFault* next = nullptr;
  for (PlannedFault& fault : faults_.planned) {
    if (is_left(fault, endpoint) && (next == nullptr || fault.kind < next->kind)) next = &fault;
  }
  if (next == nullptr) return play;
  if (next->count > 0) --next->count;
  play.kind = next->kind;
  play.status = next->status;
  if (next->kind == PlannedFault::Kind::fail) play.retry_after = faults_.retry_after;
  return play;
}

}  // namespace flowship::sandbox
