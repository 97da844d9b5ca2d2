#include "cli/progress.hpp"

#include "cli/terminal.hpp"
#include "report/text/progress.hpp"

#include <unistd.h>

namespace flowship::cli {

bool result_is_watched(const Invocation& invocation) {
  return can_redraw(STDERR_FILENO) && ::isatty(STDOUT_FILENO) != 0 && invocation.format.name == "text";
}

std::unique_ptr<deploy::Progress> progress_for(const Invocation& invocation) {
  if (!can_redraw(STDERR_FILENO)) return std::make_unique<report::PlainProgress>(invocation.err, invocation.style);
  return std::make_unique<report::TerminalProgress>(
      invocation.err, invocation.style,
      result_is_watched(invocation) ? report::FlowLines::left_out : report::FlowLines::kept, invocation.clock,
      [] { return terminal_columns(STDERR_FILENO); });
}

}  // namespace flowship::cli
