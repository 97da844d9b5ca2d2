#include "daemon/http/answers.hpp"

#include "base/held_secrets.hpp"
#include "base/text/printable.hpp"
#include "daemon/status/form_page.hpp"

#include <utility>

namespace flowship::daemon {

namespace {

net::Answer answer_of(int status, const std::string& body, const char* type) {
  net::Answer answer;
  answer.status = status;
  answer.headers.add("Content-Type", type);
  answer.body = without_held(body);
  return answer;
}

}  // namespace

net::Answer text_answer(int status, const std::string& text) {
  return answer_of(status, printable_lines(text), "text/plain; charset=utf-8");
}

net::Answer json_answer(int status, const std::string& text) { return answer_of(status, text, "application/json"); }

net::Answer page_answer(const std::string& html, int status) {
  net::Answer answer = answer_of(status, html, "text/html; charset=utf-8");
  answer.headers.add("Content-Security-Policy",
                     "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
                     "base-uri 'none'; form-action 'self'; frame-ancestors 'none'");
  return answer;
}

net::Answer problem_answer(int status, std::string title, std::string text, const EnvironmentStatus* environment) {
  const Message message{.title = std::move(title), .text = std::move(text), .warnings = {}};
  return page_answer(message_page(message, environment), status);
}

net::Answer unknown_environment() {
  return problem_answer(404, "Unknown environment", "The daemon has no environment of this name.", nullptr);
}

}  // namespace flowship::daemon
