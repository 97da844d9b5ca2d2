#include "report/text/text.hpp"

#include "base/files/path.hpp"
#include "base/text/printable.hpp"
#include "report/text/characters.hpp"
#include "report/writers.hpp"

#include <algorithm>

namespace flowship::report {

namespace {

std::string_view code_of(Colour colour) {
  switch (colour) {
    case Colour::red:
      return "\x1b[31m";
    case Colour::green:
      return "\x1b[32m";
    case Colour::yellow:
      return "\x1b[33m";
    case Colour::blue:
      return "\x1b[34m";
    case Colour::bold:
      return "\x1b[1m";
    case Colour::dim:
      return "\x1b[2m";
  }
  return {};
}

}  // namespace

std::string painted(std::string_view text, Colour colour, const Style& style) {
  if (!style.colour) return std::string(text);
  return std::string(code_of(colour)).append(text).append("\x1b[0m");
}

std::string short_target(std::string_view target) {
  const bool commit = target.size() >= 40 && std::all_of(target.begin(), target.end(), [](char digit) {
                        return (digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f');
                      });
  if (target == "index") return "the index";
  if (target == "worktree") return "the working tree";
  return commit ? std::string(target.substr(0, 8)) : printable(target);
}

std::string place_of(const std::vector<std::string>& paths) {
  if (paths.empty()) return {};
  if (paths.size() == 1) return printable(paths.front());
  std::string_view folder = folder_of(paths.front());
  const auto holds = [&](const std::string& path) {
    return folder.empty() || (path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/');
  };
  while (!std::all_of(paths.begin(), paths.end(), holds)) folder = folder_of(folder);
  return folder.empty() ? "./" : printable(folder) + "/";
}

std::string warning_line(std::string_view warning, const Style& style) {
  return painted("warning:", Colour::yellow, style) + " " + printable(warning) + "\n";
}

std::string sign_of(deploy::Action action, const Style& style) {
  switch (action) {
    case deploy::Action::create:
      return painted("+", Colour::green, style);
    case deploy::Action::update:
      return painted("~", Colour::yellow, style);
    case deploy::Action::remove:
      return painted("-", Colour::red, style);
  }
  return {};
}

std::string column(std::string_view text, int width) {
  std::string shown = printable(text);
  shown.append(static_cast<std::size_t>(std::max(0, width - display_width(shown))), ' ');
  return shown;
}

std::string error_text(const Error& error, const Style& style) {
  std::string text = painted("flowship: error:", Colour::red, style) + " " + printable(error.message()) + "\n";
  if (!error.hint().empty()) text += painted("hint:", Colour::blue, style) + " " + printable(error.hint()) + "\n";
  return text;
}

Format text_format() {
  return {.name = "text",
          .summary = "for people",
          .validation = validation_text,
          .plan = plan_text,
          .diff = diff_text,
          .deployment = deployment_text,
          .status = status_text,
          .history = history_text,
          .initialization = initialization_text,
          .conversion = conversion_text,
          .pulled = pull_text,
          .error = nullptr,
          .graph = graph_text};
}

}  // namespace flowship::report
