#pragma once

#include "base/clock.hpp"

#include <iosfwd>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace flowship::daemon {

enum class LogFormat { text, json };

/// A field of a line besides its message: a name of letters, digits and `_`, and any text.
using LogField = std::pair<std::string, std::string>;

/// Writes lines of time, level, message and fields. Cheap to copy; copies write to the same stream. Thread-safe. Never
/// pass it keys or payloads.
class Log {
 public:
  Log(std::ostream& out, LogFormat format, const Clock& clock);

  /// The same log with these fields added to every line (`job`, `environment`, …).
  Log with(std::vector<LogField> fields) const;

  void info(std::string_view message, const std::vector<LogField>& fields = {}) const;
  void warning(std::string_view message, const std::vector<LogField>& fields = {}) const;
  void error(std::string_view message, const std::vector<LogField>& fields = {}) const;

 private:
  struct Sink;

  void write(std::string_view level, std::string_view message, const std::vector<LogField>& fields) const;

  std::shared_ptr<Sink> sink_;
  std::vector<LogField> fields_;
};

/// Lets through the first lines of each minute, of those that anyone can cause, and counts the others. Thread-safe.
class LineBudget {
 public:
  /// How many lines were left out since the one before; nothing if this one is left out as well.
  std::optional<std::size_t> take(Ticks now);

 private:
  std::mutex mutex_;
  std::optional<Ticks> begun_;
  int written_ = 0;
  std::size_t left_out_ = 0;
};

}  // namespace flowship::daemon
