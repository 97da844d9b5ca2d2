#pragma once

#include "base/stop.hpp"
#include "cli/options.hpp"

#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

namespace flowship::cli {

/// Whether a file descriptor is a terminal that can redraw a line and show colours.
bool can_redraw(int descriptor);

/// Whether there is somebody to ask: standard input and standard error are terminals.
bool can_ask();

/// Asks on the terminal; true for `y` or `yes`. False at the end of the input, and when a stop is requested.
bool asked(std::string_view question, const StopSignal& stop);

/// Whether somebody watches and can press a key: standard input and standard output are terminals.
bool is_watched();

/// Writes `prompt` to `out`, standard output, and waits for a key, without a line's end and without showing it; also
/// Ctrl-C is one. Nothing at the end of the input, or when a stop is requested.
std::optional<char> pressed_key(std::ostream& out, std::string_view prompt, const StopSignal& stop);

/// The width of the terminal behind a file descriptor; 80 where there is none.
int terminal_columns(int descriptor);

/// The width of texts on standard output: COLUMNS, else the terminal's.
int text_columns();

/// Whether to write colours to a file descriptor: `--color`, then NO_COLOR, then CLICOLOR_FORCE (no-color.org,
/// bixense.com/clicolors), else whether it is a terminal.
bool wants_colour(ColourWhen when, int descriptor);

/// How wide a text is shown: its code points.
std::size_t width_of(std::string_view text);

/// `text` on lines of at most `columns`, broken at spaces. The first line begins at column `at`, the others are
/// indented by `indent`; no newline at the end.
std::string wrapped(std::string_view text, int columns, std::size_t at = 0, std::size_t indent = 0);

/// Two columns: `left`, indented by two, and `right` from column `column` on, wrapped; a newline at the end.
std::string row(std::string_view left, std::string_view right, std::size_t column, int columns);

}  // namespace flowship::cli
