#include "base/text/pluralize.hpp"
#include "report/conflicts.hpp"
#include "report/text/text.hpp"

namespace flowship::report {

std::string file_merge_text(const FileMerge& merge, const Style& style) {
  std::string text;
  if (!merge.conflicts.empty()) {
    text += printable(merge.path) + ": " + painted(pluralize(merge.conflicts.size(), "conflict"), Colour::red, style) +
            "\n";
  } else if (!merge.is_clean) {
    text += printable(merge.path) + ": not a flow, merged line by line, " +
            painted("with conflicts", Colour::red, style) + "\n";
  } else if (!merge.new_ids.empty() && !style.quiet) {
    text += printable(merge.path) + ":\n";
  } else if (style.verbose) {
    text += printable(merge.path) + (merge.is_by_lines ? ": not a flow, merged line by line\n" : ": merged\n");
  }
  text += conflict_lines(merge.conflicts, style);
  if (!style.quiet) text += new_id_lines(merge.new_ids, style);
  return text;
}

}  // namespace flowship::report
