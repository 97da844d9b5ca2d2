#include "base/text/did_you_mean.hpp"
#include "base/text/printable.hpp"
#include "report/report.hpp"
#include "report/writers.hpp"

namespace flowship::report {

// To add a format: a file with its functions, a line in writers.hpp, a row here, and golden files in
// tests/report/golden/.
const std::vector<Format>& formats() {
  static const std::vector<Format> table = {
      text_format(),     json_format(),    github_format(), sarif_format(),   junit_format(), gitlab_format(),
      markdown_format(), summary_format(), html_format(),   mermaid_format(), svg_format(),   dot_format(),
  };
  return table;
}

const Format& format_of(std::string_view name) {
  std::vector<std::string> known;
  std::string list;
  for (const Format& format : formats()) {
    if (format.name == name) return format;
    known.emplace_back(format.name);
    list += (list.empty() ? "" : ", ") + known.back();
  }
  const std::string guess = did_you_mean(name, known);
  throw usage_error("unknown format `" + printable(name) + "`",
                    (guess.empty() ? "" : guess + " ") + "The formats are " + list + ".");
}

std::string sections_text(const Format& format, const std::vector<Section>& sections, const Style& style) {
  if (format.sections != nullptr) return format.sections(sections, style);
  std::string text;
  for (const Section& section : sections) {
    text += section.text;
    if (!section.error) continue;
    Error error = *section.error;
    error.within("environment `" + section.environment + "`");
    text += format.error == nullptr ? error_text(error, style) : format.error(error);
  }
  return text;
}

}  // namespace flowship::report
