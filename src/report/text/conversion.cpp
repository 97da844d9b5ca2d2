#include "base/text/printable.hpp"
#include "report/text/text.hpp"

namespace flowship::report {

std::string conversion_text(const Conversion& conversion, const Style& style) {
  if (style.quiet) return {};
  std::string text = "`" + printable(conversion.flow_id) + "` as " + conversion.layout + ":\n";
  for (const std::string& path : conversion.paths) text += "  " + printable(path) + "\n";
  for (const std::string& path : conversion.removed) text += "  removed: " + printable(path) + "\n";
  return text;
}

}  // namespace flowship::report
