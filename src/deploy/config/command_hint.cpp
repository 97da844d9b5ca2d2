#include "deploy/config/command_hint.hpp"

#include "base/text/printable.hpp"
#include "base/text/word.hpp"

#include <algorithm>

namespace flowship::deploy {

std::string shell_word(const std::string& text) {
  constexpr std::string_view kPlain = "./:@%+,=~^";
  if (is_word(text, kPlain)) return text;
  std::string quoted = "'";
  for (const char letter : printable(text)) quoted += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
  return quoted + "'";
}

std::string joined_options(const std::string& first, const std::string& second) {
  return first + (first.empty() || second.empty() ? "" : " ") + second;
}

std::string command_hint(std::string_view command, const std::string& environment, std::string_view option,
                         const std::vector<std::string>& flows) {
  std::string ids;
  for (const std::string& flow : flows) ids += " " + shell_word(flow);
  // Such an id would be taken for an option.
  const bool is_like_option =
      std::any_of(flows.begin(), flows.end(), [](const std::string& flow) { return flow.starts_with('-'); });
  std::string text = "`flowship " + std::string(command);
  if (!is_like_option) text += ids;
  if (!environment.empty()) text += " --env " + printable(environment);
  if (!option.empty()) text.append(" ").append(option);
  if (is_like_option) text += " --" + ids;
  return text + "`";
}

}  // namespace flowship::deploy
