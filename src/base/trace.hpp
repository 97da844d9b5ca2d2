#pragma once

#include <chrono>
#include <string>
#include <string_view>

// FLOWSHIP_TRACE=1 shows on standard error what flowship does, a line an event:
//
//   trace    0.013 s  run    git --git-dir=… ls-files -z [4 ms, exit 0]
//
// The first number is the time since the program began, the last one how long the event took.

namespace flowship {

/// Whether FLOWSHIP_TRACE is set, and not to 0. Ask before putting a line together.
bool is_tracing();

/// Writes one line where tracing is on. `kind` is one word (`http`, `run`, `retry`, `lock`). Secrets are masked.
void trace(std::string_view kind, std::string_view what);

/// An event that takes time: a line when it ends.
class TracedEvent {
 public:
  explicit TracedEvent(std::string_view kind) : kind_(kind) {}
  /// `what` happened, and how it ended.
  void end(std::string_view what, std::string_view result) const;

 private:
  std::string_view kind_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

/// `text` on one line, with `***` for what follows `Authorization`, for credentials in URLs, for values that are named
/// key, token, secret or password, and for management keys; stars for those that are held.
std::string without_credentials(std::string_view text);

}  // namespace flowship
