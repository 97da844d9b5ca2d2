#pragma once

#include <string>
#include <string_view>

namespace flowship::report {

/// `text` as it may stand between tags and in a quoted attribute of HTML and XML. XML 1.0 has no way to write most
/// control characters, and those that turn a line's direction would mislead: they are shown as escapes.
std::string markup_text(std::string_view text);

}  // namespace flowship::report
