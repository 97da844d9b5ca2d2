#include "api/failure.hpp"

#include "api/retry.hpp"
#include "base/secret_forms.hpp"
#include "base/text/printable.hpp"
#include "base/text/utf8.hpp"
#include "json/document.hpp"

namespace flowship::api {

namespace {

constexpr std::size_t kLongestText = 500;

/// Text from the service for display: one line, truncated, without the key.
std::string shown(std::string text, const Secret& key) {
  return printable(truncated(without_secret(std::move(text), key), kLongestText));
}

std::string member(json::Value object, std::string_view name, const Secret& key) {
  const json::Value value = object.find(name);
  return value.is(json::Type::string) ? shown(value.string(), key) : std::string();
}

std::string hint_for(int status) {
  switch (status) {
    case 401:
    case 403:
      return "check the project id, and that the management key belongs to it, is active and may manage flows";
    case 301:
    case 302:
    case 303:
    case 307:
    case 308:
    case 404:
      return "check the base URL";
    case 413:
      return "the flow is larger than the service accepts";
    case 429:
      return "try again later, or allow a longer wait with --max-wait";
    default:
      return status >= 500 ? "run the same command again: it sends only what is missing" : "";
  }
}

}  // namespace

bool has_error_code(const std::string& body) {
  // A flow may well contain the word, so only then the body is read.
  if (body.find("\"errorCode\"") == std::string::npos) return false;
  const json::ReadResult read = json::Document::read(body);
  if (!read.document) return false;
  const json::Value code = read.document->root().find("errorCode");
  return code && !code.is(json::Type::null) && !code.is_string("");
}

Failure failure_of(const net::Response& response, const Secret& key) {
  Failure failure;
  failure.status = response.status;
  if (response.status == 401 || response.status == 403) {
    failure.kind = Failure::Kind::credentials;
  } else if (is_unsure(response.status)) {
    failure.kind = Failure::Kind::unknown;
  }
  failure.message = "the service answered " + shown(net::describe_status(response), key);
  if (const json::ReadResult body = json::Document::read(response.body); body.document) {
    const json::Value root = body.document->root();
    failure.code = member(root, "errorCode", key);
    failure.description = member(root, "errorDescription", key);
    failure.detail = member(root, "errorMessage", key);
  }
  if (!failure.code.empty()) failure.message += " " + failure.code;
  if (!failure.description.empty()) failure.message += ": " + failure.description;
  if (!failure.detail.empty() && failure.detail != failure.description) failure.message += ": " + failure.detail;
  failure.hint = hint_for(response.status);
  return failure;
}

Failure failure_of(const net::TransportError& error) {
  Failure failure;
  failure.kind = error.delivery() == net::Delivery::not_sent ? Failure::Kind::unreachable : Failure::Kind::unknown;
  failure.message = error.message();
  failure.hint = error.hint();
  return failure;
}

Failure unreadable_answer(const std::string& why) {
  Failure failure;
  failure.message = "can't use the service's response: " + why;
  failure.hint = "check the base URL";
  return failure;
}

Failure rate_limit_failure() {
  Failure failure;
  failure.kind = Failure::Kind::unreachable;
  failure.message = "not sent: the service limits the rate, and an earlier request was given up";
  failure.hint = hint_for(429);
  return failure;
}

Failure stopped_failure() {
  Failure failure;
  failure.kind = Failure::Kind::stopped;
  failure.message = "interrupted before the request";
  failure.hint = "run the same command again";
  return failure;
}

}  // namespace flowship::api
