#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace flowship {

/// Whether a code point is shown as an escape: control characters (also DEL and C1), line and paragraph separators,
/// and what changes the direction of text.
bool is_invisible_control(std::uint32_t code);

/// `text` made safe to show in one line: invisible control characters become `\n`, `\x1b`, `\u{202e}`, and bytes that
/// are not UTF-8 become U+FFFD.
std::string printable(std::string_view text);

}  // namespace flowship
