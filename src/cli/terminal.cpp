#include "cli/terminal.hpp"

#include "deploy/config/credentials.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <ostream>
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

namespace flowship::cli {

namespace {

constexpr int kUsualColumns = 80;
/// Narrower columns would leave less than a word a line.
constexpr std::size_t kLeastColumns = 20;

/// While it exists, the terminal gives every key at once, signals' keys too, and shows none.
class SingleKeys {
 public:
  SingleKeys() : is_changed_(::tcgetattr(STDIN_FILENO, &before_) == 0) {
    termios single = before_;
    single.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | ISIG);
    if (is_changed_) ::tcsetattr(STDIN_FILENO, TCSANOW, &single);
  }
  ~SingleKeys() {
    if (is_changed_) ::tcsetattr(STDIN_FILENO, TCSANOW, &before_);
  }
  SingleKeys(const SingleKeys&) = delete;
  SingleKeys& operator=(const SingleKeys&) = delete;

 private:
  termios before_{};
  bool is_changed_;
};

/// From standard input; nothing at its end, or when a stop is requested.
std::optional<char> next_letter(const StopSignal& stop) {
  pollfd input{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
  constexpr int kLook = 100;
  while (!stop.requested()) {
    const int ready = ::poll(&input, 1, kLook);
    if (ready == 0 || (ready < 0 && errno == EINTR)) continue;
    char letter = 0;
    if (ready < 0 || ::read(STDIN_FILENO, &letter, 1) != 1) break;
    return letter;
  }
  return std::nullopt;
}

}  // namespace

bool can_ask() { return ::isatty(STDIN_FILENO) == 1 && ::isatty(STDERR_FILENO) == 1; }

bool asked(std::string_view question, const StopSignal& stop) {
  const std::string text = std::string(question) + " [y/N] ";
  if (::write(STDERR_FILENO, text.data(), text.size()) < 0) return false;
  std::string answer;
  std::optional<char> letter;
  while ((letter = next_letter(stop)) && *letter != '\n') answer += *letter;
  return letter && (answer == "y" || answer == "Y" || answer == "yes");
}

bool is_watched() { return ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1; }

std::optional<char> pressed_key(std::ostream& out, std::string_view prompt, const StopSignal& stop) {
  const SingleKeys keys;
  out << prompt << std::flush;
  return next_letter(stop);
}

bool can_redraw(int descriptor) {
  return ::isatty(descriptor) != 0 && deploy::process_variable("TERM").value_or("") != "dumb";
}

int terminal_columns(int descriptor) {
  winsize size{};
  return ::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : kUsualColumns;
}

int text_columns() {
  const std::string text = deploy::process_variable("COLUMNS").value_or("");
  int columns = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), columns);
  return error == std::errc() && columns > 0 ? columns : terminal_columns(STDOUT_FILENO);
}

bool wants_colour(ColourWhen when, int descriptor) {
  if (when != ColourWhen::automatic) return when == ColourWhen::always;
  if (deploy::process_variable("NO_COLOR")) return false;
  if (deploy::process_variable("CLICOLOR_FORCE").value_or("0") != "0") return true;
  return can_redraw(descriptor);
}

std::size_t width_of(std::string_view text) {
  constexpr unsigned kContinuation = 0x80;
  constexpr unsigned kMask = 0xC0;
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char byte) { return (static_cast<unsigned char>(byte) & kMask) != kContinuation; }));
}

std::string wrapped(std::string_view text, int columns, std::size_t at, std::size_t indent) {
  const std::size_t limit = std::max(static_cast<std::size_t>(std::max(columns, 0)), indent + kLeastColumns);
  std::string result;
  bool is_first = true;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    const std::size_t width = width_of(word);
    if (!is_first && at + 1 + width > limit) {
      result += "\n" + std::string(indent, ' ');
      at = indent;
    } else if (!is_first) {
      result += ' ';
      ++at;
    }
    result += word;
    at += width;
    is_first = false;
  }
  return result;
}

std::string row(std::string_view left, std::string_view right, std::size_t column, int columns) {
  std::string text = "  " + std::string(left);
  const std::size_t width = width_of(text);
  text += width + 2 > column ? "\n" + std::string(column, ' ') : std::string(column - width, ' ');
  return text + wrapped(right, columns, column, column) + "\n";
}

}  // namespace flowship::cli
