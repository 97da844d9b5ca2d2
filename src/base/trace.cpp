#include "base/trace.hpp"

#include "base/held_secrets.hpp"
#include "base/text/printable.hpp"

#include <Poco/RegularExpression.h>

#include <cstdio>
#include <cstdlib>

namespace flowship {

namespace {

using Ticks = std::chrono::steady_clock::time_point;

// Real time, whatever clock a command was given: a trace shows where a user's time goes.
const Ticks kBegin = std::chrono::steady_clock::now();

const bool kIsTracing = [] {
  const char* value = std::getenv("FLOWSHIP_TRACE");
  return value != nullptr && *value != '\0' && std::string_view(value) != "0";
}();

}  // namespace

bool is_tracing() { return kIsTracing; }

void trace(std::string_view kind, std::string_view what) {
  if (!kIsTracing) return;
  const std::chrono::duration<double> since = std::chrono::steady_clock::now() - kBegin;
  char head[64];
  std::snprintf(head, sizeof head, "trace %8.3f s  %-5.*s  ", since.count(), static_cast<int>(kind.size()),
                kind.data());
  // One call, so that lines of several threads stay whole.
  const std::string line = head + without_credentials(what) + "\n";
  std::fwrite(line.data(), 1, line.size(), stderr);
}

void TracedEvent::end(std::string_view what, std::string_view result) const {
  if (!kIsTracing) return;
  const auto took =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin_).count();
  trace(kind_, std::string(what).append(" [").append(std::to_string(took)).append(" ms, ").append(result).append("]"));
}

std::string without_credentials(std::string_view text) {
  using Poco::RegularExpression;
  const std::pair<const char*, const char*> masks[] = {
      {R"((\bAuthorization\b["']?\s*[:= ]\s*)[^\r\n]+)", "$1***"},
      {R"((://)[^/\s@]*@)", "$1***@"},
      {R"(((?:key|token|secret|password|passwd)["']?\s*[:=]\s*)[^\s&,;]+)", "$1***"},
      {R"(\bK[0-9][A-Za-z0-9]{20,})", "***"},
      {R"(\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,})", "$1 ***"},
  };
  std::string masked = without_held(text);
  for (const auto& [pattern, replacement] : masks) {
    RegularExpression(pattern, RegularExpression::RE_CASELESS).subst(masked, replacement, RegularExpression::RE_GLOBAL);
  }
  return printable(masked);
}

}  // namespace flowship
