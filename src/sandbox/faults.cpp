#include "sandbox/faults.hpp"

#include "base/error.hpp"
#include "base/nearest.hpp"
#include "base/printable.hpp"

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

constexpr int kMostRequests = 1'000'000;
constexpr int kMostSeconds = 3'600;
constexpr int kMostLatency = 600'000;

int count_of(json::Value value, const std::string& name, int most) {
  const auto count = value.is(json::Type::number) ? parse_count(value.text(), 0, most) : std::nullopt;
  if (!count) throw usage_error("`" + name + "` is not a whole number from 0 to " + std::to_string(most));
  return *count;
}

std::string text_of(json::Value value, const std::string& name) {
  if (!value.is(json::Type::string)) throw usage_error("`" + name + "` is not a string");
  return value.string();
}

bool plays_on(const Faults& faults, std::string_view endpoint) {
  if (faults.fail_only == "any") return true;
  return endpoint == (faults.fail_only.empty() ? std::string_view("import") : std::string_view(faults.fail_only));
}

bool take_one(int& count) {
  if (count <= 0) return false;
  --count;
  return true;
}

}  // namespace

void parse_rate_limit(std::string_view text, Faults& faults) {
  const auto slash = text.find('/');
  const auto requests = parse_count(text.substr(0, slash), 1, kMostRequests);
  const auto seconds =
      slash == std::string_view::npos ? std::nullopt : parse_count(text.substr(slash + 1), 1, kMostSeconds);
  if (!requests || !seconds) {
    throw usage_error("`" + printable(text) + "` is not a rate limit",
                      "write it as N/SECONDS, for example 100/60 (at most " + std::to_string(kMostRequests) +
                          " requests in at most " + std::to_string(kMostSeconds) + " seconds)");
  }
  faults.rate_limit = *requests;
  faults.rate_seconds = *seconds;
}

void parse_fail(std::string_view text, Faults& faults) {
  const auto colon = text.find(':');
  const auto status = parse_count(text.substr(0, colon), 300, 599);
  const auto count =
      colon == std::string_view::npos ? std::optional<int>(-1) : parse_count(text.substr(colon + 1), 1, kMostRequests);
  if (!status || !count) {
    throw usage_error("`" + printable(text) + "` is not a failure to play",
                      "write it as STATUS or STATUS:COUNT, with a status from 300 to 599, for example 503:2");
  }
  faults.fail_status = *status;
  faults.fail_count = *count;
}

void parse_fail_only(std::string_view text, Faults& faults) {
  static const std::vector<std::string> names{"import", "export", "list", "delete", "any"};
  for (const std::string& name : names) {
    if (name != text) continue;
    faults.fail_only = name;
    return;
  }
  const std::string hint = did_you_mean(text, names);
  throw usage_error("`" + printable(text) + "` is none of the service's endpoints",
                    hint.empty() ? "it is one of import, export, list, delete, any" : hint);
}

Faults read_faults(json::Value object) {
  if (!object.is(json::Type::object)) throw usage_error("the faults are not a JSON object");
  static const std::vector<std::string> names{"latency", "rateLimit", "fail", "failOnly", "drop", "dropAfter", "hang"};
  Faults faults;
  for (const json::Member& member : object.members()) {
    const std::string name = member.name();
    const json::Value value = member.value;
    if (name == "latency") {
      faults.latency = std::chrono::milliseconds(count_of(value, name, kMostLatency));
    } else if (name == "rateLimit") {
      parse_rate_limit(text_of(value, name), faults);
    } else if (name == "fail") {
      parse_fail(text_of(value, name), faults);
    } else if (name == "failOnly") {
      parse_fail_only(text_of(value, name), faults);
    } else if (name == "drop") {
      faults.drop_count = count_of(value, name, kMostRequests);
    } else if (name == "dropAfter") {
      faults.drop_after_count = count_of(value, name, kMostRequests);
    } else if (name == "hang") {
      faults.hang_count = count_of(value, name, kMostRequests);
    } else {
      throw usage_error("`" + printable(name) + "` is no fault", did_you_mean(name, names));
    }
  }
  return faults;
}

void FaultPlayer::set(Faults faults) {
  const std::lock_guard lock(mutex_);
  faults_ = std::move(faults);
  taken_.clear();
}

bool FaultPlayer::within_rate(Ticks now, int& retry_after) {
  if (faults_.rate_limit <= 0) return true;
  const auto window = std::chrono::seconds(faults_.rate_seconds);
  while (!taken_.empty() && taken_.front() + window <= now) taken_.pop_front();
  if (taken_.size() < static_cast<std::size_t>(faults_.rate_limit)) {
    taken_.push_back(now);
    return true;
  }
  const auto wait = std::chrono::ceil<std::chrono::seconds>(taken_.front() + window - now);
  retry_after = static_cast<int>(wait.count());
  return false;
}

Play FaultPlayer::next(std::string_view endpoint, Ticks now) {
  const std::lock_guard lock(mutex_);
  Play play;
  play.latency = faults_.latency;
  if (!within_rate(now, play.retry_after)) {
    play.kind = Play::Kind::rate_limit;
  } else if (!plays_on(faults_, endpoint)) {
    play.kind = Play::Kind::none;
  } else if (take_one(faults_.hang_count)) {
    play.kind = Play::Kind::hang;
  } else if (take_one(faults_.drop_count)) {
    play.kind = Play::Kind::drop;
  } else if (faults_.fail_status != 0 && (faults_.fail_count < 0 || take_one(faults_.fail_count))) {
    play.kind = Play::Kind::fail;
    play.status = faults_.fail_status;
  } else if (take_one(faults_.drop_after_count)) {
    play.kind = Play::Kind::drop_after;
  }
  return play;
}

}  // namespace flowship::sandbox
