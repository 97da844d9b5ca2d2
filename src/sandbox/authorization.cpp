#include "sandbox/authorization.hpp"

#include <algorithm>

namespace flowship::sandbox {

namespace {

constexpr std::string_view kScheme = "Bearer ";
constexpr std::size_t kLongestKey = 1024;

bool is_token(std::string_view text, char first, std::size_t longest) {
  return text.size() > 1 && text.size() <= longest && text[0] == first &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
         });
}

}  // namespace

bool is_project_id(std::string_view text) { return is_token(text, 'P', 128); }

bool is_key(std::string_view text) { return is_token(text, 'K', kLongestKey); }

std::optional<Authorization> parse_authorization(std::string_view header) {
  if (!header.starts_with(kScheme)) return std::nullopt;
  header.remove_prefix(kScheme.size());
  const auto colon = header.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const std::string_view project_id = header.substr(0, colon);
  const std::string_view key = header.substr(colon + 1);
  if (!is_project_id(project_id) || !is_key(key)) return std::nullopt;
  return Authorization{std::string(project_id), Secret(std::string(key))};
}

std::string masked(std::string_view header) {
  if (header.empty()) return {};
  const auto authorization = parse_authorization(header);
  if (!authorization) return header.starts_with(kScheme) ? std::string(kScheme) + "***" : "***";
  return std::string(kScheme) + authorization->project_id + ":***";
}

}  // namespace flowship::sandbox
