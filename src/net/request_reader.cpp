#include "net/request_reader.hpp"

#include "net/header_syntax.hpp"

#include <algorithm>
#include <charconv>

namespace flowship::net {

RequestReader::State RequestReader::feed(std::string_view bytes) {
  buffer_.append(bytes);
  return advance();
}

RequestReader::State RequestReader::next() {
  request_ = Request{};
  keep_alive_ = true;
  old_ = false;
  expects_continue_ = false;
  length_.reset();
  chunked_ = false;
  chunks_ = ChunkedBody(largest_body_);
  state_ = State::idle;
  return advance();
}

bool RequestReader::take_expectation() {
  const bool waits = expects_continue_ && state_ == State::body && buffer_.empty() && request_.body.empty();
  expects_continue_ = false;
  return waits;
}

RequestReader::State RequestReader::refuse(int status) {
  status_ = status;
  keep_alive_ = false;
  return state_ = State::refused;
}

RequestReader::State RequestReader::advance() {
  if (state_ == State::idle || state_ == State::header) {
    read_header();
  }
  if (state_ == State::body) {
    read_body();
  }
  return state_;
}

RequestReader::State RequestReader::read_header() {
  if (state_ == State::idle) {
    // RFC 9112, 2.2: an empty line before the request line is skipped.
    while (buffer_.compare(0, 2, "\r\n") == 0) {
      buffer_.erase(0, 2);
    }
  }
  if (buffer_.empty()) {
    return state_ = State::idle;
  }
  state_ = State::header;
  const auto end = buffer_.find("\r\n\r\n");
  if (end == std::string::npos ? buffer_.size() > largest_header_ : end + 4 > largest_header_) {
    return refuse(431);
  }
  if (end == std::string::npos) {
    return state_;
  }
  const std::string head = buffer_.substr(0, end + 2);
  buffer_.erase(0, end + 4);
  status_ = 400;
  std::size_t at = 0;
  while (at < head.size()) {
    const auto stop = head.find("\r\n", at);
    const std::string_view line(head.data() + at, stop - at);
    if (at == 0 ? !read_request_line(line) : !read_field(line)) {
      return refuse(status_);
    }
    at = stop + 2;
  }
  if (!settle_connection() || !settle_body()) {
    return refuse(status_);
  }
  return state_ = State::body;
}

bool RequestReader::read_request_line(std::string_view line) {
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) {
    return false;
  }
  const auto version = line.substr(last + 1);
  auto target = line.substr(first + 1, last - first - 1);
  if (!is_token(line.substr(0, first)) || !is_target(target)) {
    return false;
  }
  if (version != "HTTP/1.1" && version != "HTTP/1.0") {
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    const bool other = version.size() == 8 && version.substr(0, 5) == "HTTP/" && digit(version[5]) &&
                       version[6] == '.' && digit(version[7]);
    status_ = other ? 505 : 400;
    return false;
  }
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (same_word(target.substr(0, scheme.size()), scheme)) {
      const auto path = target.find('/', scheme.size());
      target = path == std::string_view::npos ? std::string_view("/") : target.substr(path);
    }
  }
  if (target.front() != '/' && target != "*") {
    return false;
  }
  old_ = version == "HTTP/1.0";
  request_.method = line.substr(0, first);
  request_.target = target;
  return true;
}

bool RequestReader::read_field(std::string_view line) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) {
    return false;
  }
  const auto value = trimmed(line.substr(colon + 1));
  if (!is_header_value(value)) {
    return false;
  }
  request_.headers.add(std::string(line.substr(0, colon)), std::string(value));
  return true;
}

bool RequestReader::settle_connection() {
  int hosts = 0;
  keep_alive_ = !old_;
  bool close = false;
  for (const auto& [name, value] : request_.headers.fields()) {
    if (same_word(name, "Host")) {
      ++hosts;
    } else if (same_word(name, "Connection")) {
      close = close || lists(value, "close");
      keep_alive_ = keep_alive_ || lists(value, "keep-alive");
    } else if (same_word(name, "Expect")) {
      if (!same_word(value, "100-continue")) {
        status_ = 417;
        return false;
      }
      expects_continue_ = !old_;
    }
  }
  keep_alive_ = keep_alive_ && !close;
  return hosts == 1 || (hosts == 0 && old_);
}

bool RequestReader::settle_body() {
  for (const auto& [name, value] : request_.headers.fields()) {
    if (same_word(name, "Content-Length")) {
      std::size_t length = 0;
      const auto [stop, error] = std::from_chars(value.data(), value.data() + value.size(), length);
      const bool digits = !value.empty() && value.find_first_not_of("0123456789") == std::string::npos;
      if (!digits || (length_ && error == std::errc{} && *length_ != length)) {
        return false;
      }
      length_ = error == std::errc{} ? length : static_cast<std::size_t>(-1);
    } else if (same_word(name, "Transfer-Encoding")) {
      if (chunked_ || old_) {
        return false;
      }
      if (!same_word(value, "chunked")) {
        status_ = 501;
        return false;
      }
      chunked_ = true;
    }
  }
  if (chunked_ && length_) {
    // Two ways to find the end of a body is how requests are smuggled.
    return false;
  }
  if (length_ && *length_ > largest_body_) {
    status_ = 413;
    return false;
  }
  const auto& method = request_.method;
  if (!chunked_ && !length_ && (method == "POST" || method == "PUT" || method == "PATCH")) {
    status_ = 411;
    return false;
  }
  return true;
}

RequestReader::State RequestReader::read_body() {
  if (!chunked_) {
    const auto piece = std::min(length_.value_or(0) - request_.body.size(), buffer_.size());
    request_.body.append(buffer_, 0, piece);
    buffer_.erase(0, piece);
    return state_ = request_.body.size() == length_.value_or(0) ? State::complete : State::body;
  }
  switch (chunks_.feed(buffer_, request_.body)) {
    case ChunkedBody::State::more:
      return state_;
    case ChunkedBody::State::complete:
      return state_ = State::complete;
    case ChunkedBody::State::too_large:
      return refuse(413);
    case ChunkedBody::State::malformed:
      break;
  }
  return refuse(400);
}

}  // namespace flowship::net
