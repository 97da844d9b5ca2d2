#pragma once

#include <string_view>

namespace flowship::net {

/// Whether `text` is a token of RFC 9110: what methods and header names are made of.
bool is_token(std::string_view text);

/// Whether `text` can stand as a header's value: no CR, LF, NUL or other control character but the tab.
bool is_header_value(std::string_view text);

/// Whether `text` can stand in a request line: visible ASCII only.
bool is_target(std::string_view text);

/// Equality without case, for ASCII.
bool same_word(std::string_view left, std::string_view right);

/// `text` without spaces and tabs at both ends.
std::string_view trimmed(std::string_view text);

/// Whether the comma-separated `list` has `word`, without case.
bool lists(std::string_view list, std::string_view word);

}  // namespace flowship::net
