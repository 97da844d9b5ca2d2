#include "base/text/printable.hpp"
#include "report/text/text.hpp"

#include <algorithm>

namespace flowship::report {

namespace {

std::string file_lines(const std::vector<Initialization::File>& files, const Style& style) {
  std::string text;
  for (const Initialization::File& file : files) {
    const bool is_written = file.outcome == Initialization::File::Outcome::written;
    text += is_written ? "  " + painted("+", Colour::green, style) + " " + printable(file.path) + "\n"
                       : "  " + painted("=", Colour::dim, style) + " " + printable(file.path) +
                             (file.hint.empty() ? ", kept" : ": " + printable(file.hint)) + "\n";
  }
  return text;
}

std::string step_lines(const std::vector<Initialization::Step>& steps, const Style& style) {
  int width = 0;
  for (const Initialization::Step& step : steps) width = std::max(width, display_width(step.command));
  std::string text;
  for (const Initialization::Step& step : steps) {
    text += step.command.empty() ? "  - " + printable(step.purpose) + "\n"
                                 : "  " + painted(column(step.command, width), Colour::bold, style) + "  # " +
                                       printable(step.purpose) + "\n";
  }
  return text;
}

}  // namespace

std::string initialization_text(const Initialization& initialization, const Style& style) {
  if (style.quiet) return {};
  std::string text = initialization.flows == 0 ? "No flows yet" : pluralize(initialization.flows, "flow");
  for (std::size_t number = 0; initialization.flows > 0 && number < initialization.sources.size(); ++number) {
    text += (number == 0 ? " in " : ", ") + printable(initialization.sources[number]);
  }
  text += ".\n\n" + file_lines(initialization.files, style);
  return text + "\nNext steps:\n\n" + step_lines(initialization.next, style);
}

}  // namespace flowship::report
