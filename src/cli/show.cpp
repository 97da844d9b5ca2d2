#include "base/files/files.hpp"
#include "base/text/printable.hpp"
#include "check/rules/secrets.hpp"
#include "cli/run.hpp"

#include <map>
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

void warn(const Invocation& invocation, std::string_view text) {
  invocation.err << "flowship: warning: " << printable(text) << "\n";
}

void report_failure(const Options& options, const Error& error) {
  for (const ReportFile& report : options.reports) {
    if (report.format->error == nullptr) continue;
    try {
      write_file_atomically(report.path, report.format->error(error));
    } catch (const Error&) {
      continue;
    }
  }
}

Error masked(const Error& error) {
  return Error(check::with_message_masked(error.message()), check::with_message_masked(error.hint()), error.fault());
}

ExitCode exit_code_of(Fault fault) {
  static const std::map<Fault, ExitCode> kCodes{
      {Fault::failed, ExitCode::failed},
      {Fault::invalid, ExitCode::invalid},
      {Fault::partial, ExitCode::partial},
      {Fault::drifted, ExitCode::drifted},
      {Fault::held, ExitCode::held},
      {Fault::credentials, ExitCode::credentials},
      {Fault::usage, ExitCode::usage},
      {Fault::interrupted, ExitCode::interrupted},
      {Fault::terminated, ExitCode::terminated},
  };
  return kCodes.at(fault);
}

}  // namespace flowship::cli
