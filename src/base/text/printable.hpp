#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace flowship {

/// Whether a code point is shown as an escape: control characters (also DEL and C1), line and paragraph separators,
/// and all that changes the direction of text or can't be seen.
bool is_shown_as_escape(std::uint32_t code);

/// `text` made safe to show in one line: such characters become `\n`, `\x1b`, `\u{202e}`, and bytes that are not UTF-8
/// become U+FFFD.
std::string printable(std::string_view text);

/// The same for several lines: line breaks are kept.
std::string printable_lines(std::string_view text);

}  // namespace flowship
