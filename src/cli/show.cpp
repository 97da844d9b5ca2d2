#include "base/files/files.hpp"
#include "base/text/printable.hpp"
#include "check/rules/secrets.hpp"
#include "cli/run.hpp"

#include <functional>
#include <map>
#include <ostream>

namespace flowship::cli {

namespace {

/// Writes what a command failed with to the files of --report. Where one can't be written, standard error still has it.
void write_failure(const Options& options, const std::function<std::string(const report::Format&)>& text_in) {
  for (const ReportFile& report : options.reports) {
    const std::string text = text_in(*report.format);
    if (text.empty()) continue;
    try {
      write_file_atomically(report.path, without_held(text));
    } catch (const Error&) {
      continue;
    }
  }
}

}  // namespace

void show(const Invocation& invocation, const std::string& text) {
  const std::string& file = invocation.options.plan_file;
  if (file.empty() || !invocation.format.is_page) {
    invocation.out << text;
  } else {
    write_file_atomically(file, without_held(text));
  }
}

void warn(const Invocation& invocation, std::string_view text) {
  invocation.err << "flowship: warning: " << printable(check::with_message_masked(text)) << "\n";
}

void report_failure(const Options& options, const Error& error) {
  write_failure(options, [&](const report::Format& format) {
    return format.error == nullptr ? std::string() : format.error(error);
  });
}

void show_refusal(const Invocation& invocation, const report::Refusal& refusal) {
  const auto text_in = [&](const report::Format& format) {
    if (format.refusal != nullptr) return format.refusal(refusal);
    return format.error != nullptr ? format.error(refusal.error) : std::string();
  };
  write_failure(invocation.options, text_in);
  invocation.out << text_in(invocation.format);
  invocation.err << report::error_text(refusal.error, {});
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
