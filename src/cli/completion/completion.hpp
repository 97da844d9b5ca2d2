#pragma once

#include <span>
#include <string>
#include <string_view>

namespace flowship::cli {

/// The hidden command behind `completion/flowship.*`, which the shells run.
inline constexpr std::string_view kCompleteCommand = "__complete";

/// What can stand in the place of the last of the words after `flowship`, which may be empty: one candidate a line,
/// with a tab and a description where there is one. A line `:files` or `:folders` asks the shell for paths, behind the
/// last `=` of the word. Empty when anything goes wrong: whoever types wants no messages.
std::string complete(std::span<const std::string> words);

}  // namespace flowship::cli
