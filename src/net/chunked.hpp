#pragma once

#include <cstddef>
#include <string>

namespace flowship::net {

/// Takes a chunked body apart as its bytes come. Strict: CRLF everywhere, extensions and trailers are skipped.
class ChunkedBody {
 public:
  enum class State { more, complete, malformed, too_large };

  explicit ChunkedBody(std::size_t largest) : largest_(largest) {}
  /// Eats from the front of `input` what belongs to the body, and appends the data to `body`.
  State feed(std::string& input, std::string& body);

 private:
  enum class Part { size, data, data_end, trailer };
  State take_line(std::string& input, std::size_t& at, std::string& body);

  std::size_t largest_;
  Part part_ = Part::size;
  std::size_t left_ = 0;
  std::size_t trailer_bytes_ = 0;
};

}  // namespace flowship::net
