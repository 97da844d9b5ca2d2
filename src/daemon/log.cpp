#include "daemon/log.hpp"

#include "base/text/printable.hpp"
#include "check/rules/secrets.hpp"
#include "json/assembly.hpp"

#include <ostream>
#include <utility>

namespace flowship::daemon {

struct Log::Sink {
  std::ostream& out;
  LogFormat format;
  const Clock& clock;
  std::mutex mutex;
};

namespace {

/// A value in a line of text: quoted if it is not one plain word.
std::string word(const std::string& value) {
  std::string shown = printable(check::with_message_masked(value));
  if (!shown.empty() && shown.find_first_of(" \"=") == std::string::npos) return shown;
  std::string quoted = "\"";
  for (const char character : shown) {
    if (character == '"') quoted += '\\';
    quoted += character;
  }
  return quoted + '"';
}

std::string text_line(Time time, std::string_view level, std::string_view message,
                      const std::vector<LogField>& fields) {
  std::string line = to_rfc3339(time) + " " + std::string(level) + " " + printable(check::with_message_masked(message));
  for (const auto& [name, value] : fields) line += " " + name + "=" + word(value);
  return line + "\n";
}

std::string json_line(Time time, std::string_view level, std::string_view message,
                      const std::vector<LogField>& fields) {
  std::vector<json::NamedText> members{
      {"time", to_rfc3339(time)}, {"level", level}, {"message", check::with_message_masked(message)}};
  for (const auto& [name, value] : fields) members.push_back({name, check::with_message_masked(value)});
  return json::object(members).text() + "\n";
}

}  // namespace

Log::Log(std::ostream& out, LogFormat format, const Clock& clock) : sink_(new Sink{out, format, clock, {}}) {}

Log Log::with(std::vector<LogField> fields) const {
  Log log = *this;
  for (LogField& field : fields) log.fields_.push_back(std::move(field));
  return log;
}

void Log::info(std::string_view message, const std::vector<LogField>& fields) const { write("info", message, fields); }
void Log::warning(std::string_view message, const std::vector<LogField>& fields) const {
  write("warning", message, fields);
}
void Log::error(std::string_view message, const std::vector<LogField>& fields) const {
  write("error", message, fields);
}

void Log::write(std::string_view level, std::string_view message, const std::vector<LogField>& fields) const {
  std::vector<LogField> all = fields_;
  all.insert(all.end(), fields.begin(), fields.end());
  const Time now = sink_->clock.now();
  const std::string line =
      sink_->format == LogFormat::text ? text_line(now, level, message, all) : json_line(now, level, message, all);
  const std::lock_guard lock(sink_->mutex);
  sink_->out << line << std::flush;
  // A full disk must not silence the log forever.
  sink_->out.clear();
}

std::optional<std::size_t> LineBudget::take(Ticks now) {
  constexpr int kMost = 10;
  constexpr std::chrono::minutes kPeriod{1};
  const std::lock_guard lock(mutex_);
  if (!begun_ || now - *begun_ >= kPeriod) {
    begun_ = now;
    written_ = 0;
  }
  if (written_ == kMost) {
    ++left_out_;
    return std::nullopt;
  }
  ++written_;
  return std::exchange(left_out_, 0);
}

}  // namespace flowship::daemon
