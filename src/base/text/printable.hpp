#pragma once

#include <string>
#include <string_view>

namespace flowship {

/// Whether `text` is well-formed UTF-8 (no overlong forms, no surrogates, nothing past U+10FFFF).
bool is_utf8(std::string_view text);

/// `text` made safe to show in one line: control characters (also escape sequences for a terminal and bidirectional
/// overrides) become `\n`, `\x1b`, `\u{202e}`, and bytes that are not UTF-8 become U+FFFD.
std::string printable(std::string_view text);

/// `text` with every byte that is not UTF-8 replaced by U+FFFD, and nothing else changed.
std::string valid_utf8(std::string_view text);

}  // namespace flowship
