#include "daemon/http/answers.hpp"

#include "base/text/printable.hpp"

#include <utility>

namespace flowship::daemon {

namespace {

net::Answer answer_of(int status, std::string body, const char* type) {
  net::Answer answer;
  answer.status = status;
  answer.headers.add("Content-Type", type);
  answer.body = std::move(body);
  return answer;
}

}  // namespace

net::Answer text_answer(int status, const std::string& text) {
  return answer_of(status, printable_lines(text), "text/plain; charset=utf-8");
}

net::Answer json_answer(int status, std::string text) { return answer_of(status, std::move(text), "application/json"); }

net::Answer html_answer(std::string text) { return answer_of(200, std::move(text), "text/html; charset=utf-8"); }

}  // namespace flowship::daemon
