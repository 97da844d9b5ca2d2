#include "net/answer_writer.hpp"

#include "net/header_syntax.hpp"

#include <Poco/Net/HTTPResponse.h>

#include <algorithm>

namespace flowship::net {

namespace {

const std::string& reason_phrase(int status) {
  return Poco::Net::HTTPResponse::getReasonForStatus(static_cast<Poco::Net::HTTPResponse::HTTPStatus>(status));
}

bool sendable(const Response& response) {
  return response.status >= 200 && response.status <= 599 &&
         std::all_of(response.headers.fields().begin(), response.headers.fields().end(),
                     [](const auto& field) { return is_token(field.first) && is_header_value(field.second); });
}

}  // namespace

std::string answer_bytes(const Response& response, std::string_view method, After after) {
  if (!sendable(response)) {
    return refusal_bytes(500);
  }
  std::string bytes = "HTTP/1.1 " + std::to_string(response.status) + ' ' + reason_phrase(response.status) + "\r\n";
  for (const auto& [name, value] : response.headers.fields()) {
    if (same_word(name, "Content-Length") || same_word(name, "Transfer-Encoding") || same_word(name, "Connection")) {
      continue;
    }
    bytes.append(name).append(": ").append(value).append("\r\n");
  }
  const bool bodiless = response.status == 204 || response.status == 304;
  if (!bodiless) {
    bytes.append("Content-Length: ").append(std::to_string(response.body.size())).append("\r\n");
  }
  bytes.append(after == After::close ? "Connection: close\r\n\r\n" : "Connection: keep-alive\r\n\r\n");
  if (!bodiless && method != "HEAD") {
    bytes.append(response.body);
  }
  return bytes;
}

std::string refusal_bytes(int status) {
  Response response;
  response.status = status;
  response.headers.add("Content-Type", "text/plain; charset=utf-8");
  response.body = std::to_string(status) + ' ' + reason_phrase(status) + '\n';
  return answer_bytes(response, "GET", After::close);
}

}  // namespace flowship::net
