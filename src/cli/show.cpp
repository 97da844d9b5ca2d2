#include "base/files/files.hpp"
#include "cli/run.hpp"

#include <ostream>

namespace flowship::cli {

void show(const Invocation& invocation, const std::string& text) {
  const std::string& file = invocation.options.plan_file;
  if (file.empty() || !invocation.format.is_page) {
    invocation.out << text;
  } else {
    write_file_atomically(file, text);
  }
}

void show_note(const Invocation& invocation, const report::Note& note) {
  for (const ReportFile& report : invocation.options.reports) {
    write_file_atomically(report.path, report::note_text(*report.format, note));
  }
  invocation.out << report::note_text(invocation.format, note) << std::flush;
}

}  // namespace flowship::cli
