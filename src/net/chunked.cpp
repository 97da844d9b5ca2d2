#include "net/chunked.hpp"

#include <algorithm>
#include <charconv>

namespace flowship::net {

namespace {

constexpr std::size_t longest_line = 4096;
constexpr std::size_t largest_trailer = 16384;

}  // namespace

ChunkedBody::State ChunkedBody::feed(std::string& input, std::string& body) {
  std::size_t at = 0;
  State state = State::more;
  while (state == State::more && at < input.size()) {
    if (part_ == Part::data) {
      const auto piece = std::min(left_, input.size() - at);
      body.append(input, at, piece);
      at += piece;
      left_ -= piece;
      part_ = left_ == 0 ? Part::data_end : Part::data;
      continue;
    }
    const auto before = at;
    state = take_line(input, at, body);
    if (at == before) {
      break;
    }
  }
  input.erase(0, at);
  return state;
}

ChunkedBody::State ChunkedBody::take_line(std::string& input, std::size_t& at, std::string& body) {
  const auto end = input.find('\n', at);
  if (end == std::string::npos) {
    return input.size() - at > longest_line ? State::malformed : State::more;
  }
  if (end == at || input[end - 1] != '\r' || end - at > longest_line) {
    return State::malformed;
  }
  const std::string_view line(input.data() + at, end - 1 - at);
  at = end + 1;
  if (part_ == Part::data_end) {
    part_ = Part::size;
    return line.empty() ? State::more : State::malformed;
  }
  if (part_ == Part::trailer) {
    trailer_bytes_ += line.size() + 2;
    if (trailer_bytes_ > largest_trailer) {
      return State::too_large;
    }
    return line.empty() ? State::complete : State::more;
  }
  std::size_t size = 0;
  const auto [stop, error] = std::from_chars(line.data(), line.data() + line.size(), size, 16);
  if (error == std::errc::result_out_of_range) {
    return State::too_large;
  }
  const auto rest = line.substr(static_cast<std::size_t>(stop - line.data()));
  if (error != std::errc{} || (!rest.empty() && rest.front() != ';' && rest.front() != ' ' && rest.front() != '\t')) {
    return State::malformed;
  }
  if (size > largest_ - std::min(largest_, body.size())) {
    return State::too_large;
  }
  left_ = size;
  part_ = size == 0 ? Part::trailer : Part::data;
  return State::more;
}

}  // namespace flowship::net
