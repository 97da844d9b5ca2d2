#include "json/reader.hpp"

#include "base/printable.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace flowship::json {

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
/// Offsets are kept in 32 bits and counts in 28; no text of this size can exceed them.
constexpr std::size_t kLargestText = 256U << 20U;

bool is_digit(char character) { return character >= '0' && character <= '9'; }

/// The value of a hexadecimal digit, -1 for anything else.
int hex_value(char character) {
  if (is_digit(character)) return character - '0';
  if (character >= 'a' && character <= 'f') return character - 'a' + 10;
  if (character >= 'A' && character <= 'F') return character - 'A' + 10;
  return -1;
}

/// Eight bytes at once: the first byte that ends a run of plain characters in a string, in its high bit. Only the
/// lowest mark is exact, and it is the one that is used.
std::uint64_t string_marks(std::uint64_t bytes) {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  constexpr std::uint64_t kHighs = 0x8080808080808080;
  const auto zeros = [](std::uint64_t word) { return (word - kOnes) & ~word & kHighs; };
  const std::uint64_t controls = (bytes - kOnes * 0x20) & ~bytes & kHighs;
  return zeros(bytes ^ (kOnes * '"')) | zeros(bytes ^ (kOnes * '\\')) | controls | (bytes & kHighs);
}

/// The length of the run of plain characters (ASCII, no quote, backslash or control) at `at`.
std::size_t plain_run(std::string_view text, std::size_t at) {
  const std::size_t begin = at;
  if constexpr (std::endian::native == std::endian::little) {
    while (at + sizeof(std::uint64_t) <= text.size()) {
      std::uint64_t bytes = 0;
      std::memcpy(&bytes, text.data() + at, sizeof bytes);
      const std::uint64_t marks = string_marks(bytes);
      if (marks != 0) return at - begin + static_cast<std::size_t>(std::countr_zero(marks)) / 8;
      at += sizeof bytes;
    }
  }
  while (at < text.size() && text[at] >= ' ' && text[at] != '"' && text[at] != '\\') ++at;
  return at - begin;
}

/// The length of the well-formed UTF-8 character that begins at `at` with a byte past ASCII; 0 when there is none.
std::size_t utf8_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t offset) -> unsigned {
    return at + offset < text.size() ? static_cast<unsigned char>(text[at + offset]) : 0U;
  };
  const auto continues = [&](std::size_t offset) { return (byte(offset) & 0xC0U) == 0x80U; };
  const unsigned lead = byte(0);
  if (lead >= 0xC2 && lead <= 0xDF) return continues(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    const unsigned least = lead == 0xE0 ? 0xA0 : 0x80;
    const unsigned most = lead == 0xED ? 0x9F : 0xBF;
    return byte(1) >= least && byte(1) <= most && continues(2) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const unsigned least = lead == 0xF0 ? 0x90 : 0x80;
    const unsigned most = lead == 0xF4 ? 0x8F : 0xBF;
    return byte(1) >= least && byte(1) <= most && continues(2) && continues(3) ? 4 : 0;
  }
  return 0;
}

}  // namespace

bool Reader::read() {
  if (text_.size() > kLargestText) return fail(0, "the text is larger than 256 MiB");
  if (text_.starts_with(kByteOrderMark)) {
    return fail(0, "the text begins with a byte order mark, which JSON does not allow: save it as UTF-8 without one");
  }
  // Pretty printed flows take about 20 bytes a node.
  document_.nodes_.reserve(text_.size() / 16 + 4);
  do {
    skip_space();
    if (!step()) return false;
  } while (!open_.empty());
  skip_space();
  return at_end() || unexpected("the end of the text");
}

bool Reader::step() {
  switch (expect_) {
    case Expect::value:
      return value();
    case Expect::first_key:
      return peek() == '}' ? close('}') : key(true);
    case Expect::key:
      return key(false);
    case Expect::first_item:
      return peek() == ']' ? close(']') : value();
    case Expect::comma_or_end:
      return after_value();
  }
  return false;
}

bool Reader::value() {
  const std::size_t begin = at_;
  expect_ = Expect::comma_or_end;
  switch (peek()) {
    case '{':
      return open(Type::object);
    case '[':
      return open(Type::array);
    case '"': {
      const std::uint32_t node = add(Type::string, begin);
      if (!string()) return false;
      document_.nodes_[node].end = static_cast<std::uint32_t>(at_);
      document_.nodes_[node].escaped = escaped_;
      return true;
    }
    case 't':
      return literal("true", Type::boolean);
    case 'f':
      return literal("false", Type::boolean);
    case 'n':
      return literal("null", Type::null);
    default:
      if (peek() == '-' || is_digit(peek())) return number();
      return unexpected(begin == 0 && open_.empty() ? "a JSON value" : "a value");
  }
}

bool Reader::open(Type type) {
  if (open_.size() == Document::kMaxDepth) {
    return fail(at_, "nested deeper than " + std::to_string(Document::kMaxDepth) + " levels");
  }
  const bool is_object = type == Type::object;
  open_.push_back({.node = add(type, at_), .is_object = is_object});
  expect_ = is_object ? Expect::first_key : Expect::first_item;
  ++at_;
  return true;
}

bool Reader::close(char bracket) {
  ++at_;
  const Frame frame = open_.back();
  open_.pop_back();
  Document::Node& node = document_.nodes_[frame.node];
  node.end = static_cast<std::uint32_t>(at_);
  node.next = static_cast<std::uint32_t>(document_.nodes_.size());
  expect_ = Expect::comma_or_end;
  return bracket == ']' || unique_keys(frame.node);
}

bool Reader::key(bool first) {
  if (peek() != '"') return unexpected(first ? "a key in quotes or `}`" : "a key in quotes");
  const std::uint32_t node = add(Type::string, at_);
  if (!string()) return false;
  document_.nodes_[node].end = static_cast<std::uint32_t>(at_);
  document_.nodes_[node].escaped = escaped_;
  skip_space();
  if (peek() != ':') return unexpected("`:` after the key");
  ++at_;
  ++document_.nodes_[open_.back().node].count;
  skip_space();
  return value();
}

bool Reader::after_value() {
  const Frame frame = open_.back();
  const char bracket = frame.is_object ? '}' : ']';
  if (peek() == bracket) {
    if (!frame.is_object) ++document_.nodes_[frame.node].count;
    return close(bracket);
  }
  if (peek() != ',')
    return unexpected(frame.is_object ? "`,` or `}` after this member" : "`,` or `]` after this element");
  ++at_;
  skip_space();
  if (frame.is_object) {
    expect_ = Expect::key;
    return true;
  }
  ++document_.nodes_[frame.node].count;
  return value();
}

bool Reader::string() {
  const std::size_t begin = at_++;
  escaped_ = false;
  while (true) {
    at_ += plain_run(text_, at_);
    if (at_end()) return fail(begin, "this string does not end");
    const char found = text_[at_];
    if (found == '"') {
      ++at_;
      return true;
    }
    if (found == '\\') {
      if (!escape()) return false;
    } else if (!character()) {
      return false;
    }
  }
}

/// A character that is not plain: past ASCII, or one that a string must not hold.
bool Reader::character() {
  if (static_cast<unsigned char>(text_[at_]) < ' ') {
    return fail(at_, "a control character (" + printable(text_.substr(at_, 1)) + ") in a string must be escaped");
  }
  const std::size_t length = utf8_length(text_, at_);
  if (length == 0) return fail(at_, "these bytes are not UTF-8");
  at_ += length;
  return true;
}

bool Reader::escape() {
  const std::size_t begin = at_;
  escaped_ = true;
  const auto unit = [&]() -> int {
    if (text_.size() - at_ < 6 || text_[at_] != '\\' || text_[at_ + 1] != 'u') return -1;
    int value = 0;
    for (std::size_t digit = at_ + 2; digit < at_ + 6; ++digit) {
      const int part = hex_value(text_[digit]);
      if (part < 0) return -1;
      value = value * 16 + part;
    }
    return value;
  };
  const char kind = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
  if (kind != 'u') {
    if (kind == '\0' || std::string_view("\"\\/bfnrt").find(kind) == std::string_view::npos) {
      return fail(begin, "this escape is not one of JSON's");
    }
    at_ += 2;
    return true;
  }
  const int first = unit();
  if (first < 0) return fail(begin, "`\\u` takes four hexadecimal digits");
  at_ += 6;
  const bool is_low = first >= 0xDC00 && first <= 0xDFFF;
  if (is_low) return fail(begin, "a low surrogate without a high one before it");
  if (first < 0xD800 || first > 0xDBFF) return true;
  const int second = unit();
  if (second < 0xDC00 || second > 0xDFFF) return fail(begin, "a high surrogate without a low one behind it");
  at_ += 6;
  return true;
}

bool Reader::number() {
  const std::uint32_t node = add(Type::number, at_);
  const auto digits = [this] {
    const std::size_t begin = at_;
    while (is_digit(peek())) ++at_;
    return at_ > begin;
  };
  if (peek() == '-') ++at_;
  if (peek() == '0') {
    ++at_;
    if (is_digit(peek())) return fail(at_ - 1, "a number must not begin with a zero");
  } else if (!digits()) {
    return unexpected("a digit");
  }
  if (peek() == '.') {
    ++at_;
    if (!digits()) return unexpected("a digit after the decimal point");
  }
  if (peek() == 'e' || peek() == 'E') {
    ++at_;
    if (peek() == '+' || peek() == '-') ++at_;
    if (!digits()) return unexpected("a digit of the exponent");
  }
  document_.nodes_[node].end = static_cast<std::uint32_t>(at_);
  return true;
}

bool Reader::literal(std::string_view word, Type type) {
  if (text_.substr(at_, word.size()) != word) return unexpected("a value");
  const std::uint32_t node = add(type, at_);
  at_ += word.size();
  document_.nodes_[node].end = static_cast<std::uint32_t>(at_);
  return true;
}

/// Two keys with one decoded text are a fault, told at the second.
bool Reader::unique_keys(std::uint32_t object) {
  constexpr std::size_t kFew = 12;
  const Document::Node& node = document_.nodes_[object];
  const std::vector<Document::Node>& nodes = document_.nodes_;
  if (node.count < 2) return true;
  const auto next_key = [&](std::uint32_t key) { return nodes[key + 1].next; };
  bool escaped = false;
  for (std::uint32_t key = object + 1; key < node.next; key = next_key(key)) escaped = escaped || nodes[key].escaped;
  const auto raw = [&](std::uint32_t key) { return text_.substr(nodes[key].begin, nodes[key].end - nodes[key].begin); };
  const auto refuse = [&](std::uint32_t key) {
    return fail(nodes[key].begin, "the key " + printable(raw(key)) + " stands twice in this object");
  };
  if (node.count <= kFew && !escaped) {
    std::array<std::string_view, kFew> seen;
    std::size_t count = 0;
    for (std::uint32_t key = object + 1; key < node.next; key = next_key(key)) {
      const std::string_view name = raw(key);
      for (std::size_t other = 0; other < count; ++other) {
        if (seen[other].size() == name.size() && seen[other] == name) return refuse(key);
      }
      seen[count++] = name;
    }
    return true;
  }
  std::vector<std::pair<std::string, std::uint32_t>> names;
  names.reserve(node.count);
  for (std::uint32_t key = object + 1; key < node.next; key = next_key(key)) {
    names.emplace_back(Value(&document_, key).string(), key);
  }
  std::sort(names.begin(), names.end());
  const auto twice =
      std::adjacent_find(names.begin(), names.end(), [](const auto& a, const auto& b) { return a.first == b.first; });
  return twice == names.end() || refuse((twice + 1)->second);
}

bool Reader::fail(std::size_t at, std::string message) {
  fault_ = SyntaxFault{.message = std::move(message), .position = document_.position(at)};
  return false;
}

bool Reader::unexpected(std::string_view expected) {
  if (at_end()) {
    return fail(at_, text_.empty() ? "the file is empty" : "expected " + std::string(expected) + ", but the text ends");
  }
  std::size_t length = 1;
  if (static_cast<unsigned char>(text_[at_]) >= 0x80) length = utf8_length(text_, at_);
  if (length == 0) return fail(at_, "these bytes are not UTF-8");
  return fail(at_, "expected " + std::string(expected) + ", found `" + printable(text_.substr(at_, length)) + "`");
}

void Reader::skip_space() {
  constexpr std::uint64_t kSpaces = 0x2020202020202020;
  while (!at_end()) {
    const char found = text_[at_];
    if (found != ' ' && found != '\n' && found != '\r' && found != '\t') return;
    ++at_;
    // Indentation comes in long runs.
    std::uint64_t bytes = 0;
    while (at_ + sizeof bytes <= text_.size()) {
      std::memcpy(&bytes, text_.data() + at_, sizeof bytes);
      if (bytes != kSpaces) break;
      at_ += sizeof bytes;
    }
  }
}

std::uint32_t Reader::add(Type type, std::size_t begin) {
  const auto index = static_cast<std::uint32_t>(document_.nodes_.size());
  document_.nodes_.push_back({.begin = static_cast<std::uint32_t>(begin),
                              .end = 0,
                              .next = index + 1,
                              .count = 0,
                              .type = static_cast<std::uint32_t>(type) & 7U,
                              .escaped = 0});
  return index;
}

}  // namespace flowship::json
