#pragma once

#include "net/chunked.hpp"
#include "net/message.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace flowship::net {

/// Reads the requests of one connection as their bytes come, one after the other.
class RequestReader {
 public:
  enum class State { idle, header, body, complete, refused };

  RequestReader(std::size_t largest_header, std::size_t largest_body)
      : largest_header_(largest_header), largest_body_(largest_body), chunks_(largest_body) {}

  /// Takes more bytes; those past a complete request wait for `next`.
  State feed(std::string_view bytes);
  /// Drops the complete request and starts on the next, of which bytes may already be there.
  State next();

  State state() const { return state_; }
  /// The status to refuse with, in the state `refused`.
  int status() const { return status_; }
  /// True once per request that waits for `100 Continue`.
  bool take_expectation();
  /// Whether the connection can serve another request after this one.
  bool keep_alive() const { return keep_alive_; }
  /// Whether the peer speaks HTTP/1.0.
  bool old() const { return old_; }
  Request& request() { return request_; }
  /// How many bytes it keeps.
  std::size_t held() const { return buffer_.size() + request_.body.size(); }

 private:
  State advance();
  State refuse(int status);
  State read_header();
  State read_body();
  bool read_request_line(std::string_view line);
  bool read_field(std::string_view line);
  bool settle_body();
  bool settle_connection();

  std::size_t largest_header_;
  std::size_t largest_body_;
  State state_ = State::idle;
  int status_ = 0;
  std::string buffer_;
  Request request_;
  bool keep_alive_ = true;
  bool old_ = false;
  bool expects_continue_ = false;
  std::optional<std::size_t> length_;
  bool chunked_ = false;
  ChunkedBody chunks_;
};

}  // namespace flowship::net
