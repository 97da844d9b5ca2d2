#include "check/rules/url_secrets.hpp"

#include "check/rules/marks.hpp"
#include "flow/describe/secret_names.hpp"

#include <algorithm>

namespace flowship::check {

namespace {

constexpr std::string_view kUrlEnds = "\"'\\ \t\r\n<>`";

bool is_template(std::string_view text) { return text.starts_with("{{") && text.ends_with("}}"); }

}  // namespace

std::vector<Secret> find_url_passwords(std::string_view text) {
  constexpr Mark kMark("://");
  std::vector<Secret> found;
  for (std::size_t at = kMark.find_in(text); at != std::string_view::npos; at = kMark.find_in(text, at)) {
    at += kMark.size();
    const std::size_t end = std::min(text.find_first_of("/?#\"'\\ \t\r\n<>`", at), text.size());
    const std::string_view authority = text.substr(at, end - at);
    const std::size_t host = authority.rfind('@');
    const std::size_t colon = authority.find(':');
    if (host == std::string_view::npos || colon >= host) continue;
    const std::string_view password = authority.substr(colon + 1, host - colon - 1);
    if (password.empty() || is_template(password)) continue;
    found.push_back({"url-credentials", "a URL with a password", at + colon + 1, password.size()});
  }
  return found;
}

std::vector<Secret> find_query_secrets(std::string_view text) {
  std::vector<Secret> found;
  for (std::size_t at = text.find('?'); at != std::string_view::npos; at = text.find('?', at)) {
    const std::size_t end = std::min(text.find_first_of(kUrlEnds, at), text.size());
    while (at < end) {
      ++at;
      const std::size_t next = std::min({text.find_first_of("&#;?", at), end});
      const std::string_view parameter = text.substr(at, next - at);
      const std::size_t equals = parameter.find('=');
      if (equals != std::string_view::npos && flow::names_secret_parameter(parameter.substr(0, equals))) {
        const std::string_view value = parameter.substr(equals + 1);
        if (!value.empty() && !is_template(value)) {
          found.push_back({"", "a secret parameter", at + equals + 1, value.size()});
        }
      }
      at = next;
    }
  }
  return found;
}

}  // namespace flowship::check
