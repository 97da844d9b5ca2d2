#include "json/reader.hpp"

#include "base/text/printable.hpp"
#include "base/text/utf8.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <deque>
#include <functional>
#include <tuple>

namespace flowship::json {

namespace {

/// Offsets and counts are stored in 28 bits.
constexpr std::size_t kLargestText = 256U << 20U;

bool is_digit(char character) { return character >= '0' && character <= '9'; }

/// The value of a hexadecimal digit, -1 for anything else.
int hex_value(char character) {
  if (is_digit(character)) return character - '0';
  if (character >= 'a' && character <= 'f') return character - 'a' + 10;
  if (character >= 'A' && character <= 'F') return character - 'A' + 10;
  return -1;
}

/// `U+00E9`.
std::string code_point(std::string_view character) {
  char text[16];
  std::snprintf(text, sizeof text, "U+%04X", static_cast<unsigned>(first_character(character).code));
  return text;
}

/// A key for a message: short and printable.
std::string shown_key(std::string_view key) {
  constexpr std::size_t kLongest = 60;
  return printable(truncated(key, kLongest));
}

bool is_space(char character) {
  return character == ' ' || character == '\n' || character == '\r' || character == '\t';
}

/// Bytes that may appear unescaped in a string and are ASCII.
constexpr std::array<bool, 256> kIsPlain = [] {
  std::array<bool, 256> plain{};
  for (std::size_t byte = ' '; byte < 0x80; ++byte) plain[byte] = byte != '"' && byte != '\\';
  return plain;
}();

}  // namespace

bool Reader::read() {
  if (text_.size() > kLargestText) return fail(0, "the text is larger than 256 MiB");
  if (text_.starts_with("\xEF\xBB\xBF")) {
    return fail(
        0, "the text begins with a byte order mark, which JSON does not allow: save the file as UTF-8 without one");
  }
  if (text_.starts_with("\xFF\xFE") || text_.starts_with("\xFE\xFF")) {
    return fail(0, "the text begins with a UTF-16 byte order mark: save the file as UTF-8 without one");
  }
  // Most flows have 11 to 15 bytes of text a node. Reserving more would cost time.
  document_.nodes_.reserve(text_.size() / 11 + 4);
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
      return value("a JSON value");
    case Expect::first_key:
      return peek() == '}' ? close('}') : key(true);
    case Expect::key:
      return key(false);
    case Expect::first_item:
      return peek() == ']' ? close(']') : value("a value or `]`");
    case Expect::comma_or_end:
      return after_value();
  }
  return false;
}

bool Reader::value(std::string_view expected) {
  expect_ = Expect::comma_or_end;
  switch (peek()) {
    case '{':
      return open(Type::object);
    case '[':
      return open(Type::array);
    case '"':
      return string();
    case 't':
      return literal("true", Type::boolean, expected);
    case 'f':
      return literal("false", Type::boolean, expected);
    case 'n':
      return literal("null", Type::null, expected);
    default:
      if (peek() == '-' || is_digit(peek())) return number();
      return unexpected(expected);
  }
}

bool Reader::open(Type type) {
  if (open_.size() == Document::kMaxDepth) {
    return fail(at_, "nested deeper than " + std::to_string(Document::kMaxDepth) + " levels");
  }
  const bool is_object = type == Type::object;
  open_.push_back({.node = static_cast<std::uint32_t>(document_.nodes_.size()), .is_object = is_object});
  add(type, at_);
  document_.nodes_.push_back({});
  expect_ = is_object ? Expect::first_key : Expect::first_item;
  ++at_;
  return true;
}

bool Reader::close(char bracket) {
  ++at_;
  const Frame frame = open_.back();
  open_.pop_back();
  document_.nodes_[frame.node].end = static_cast<std::uint32_t>(at_);
  document_.nodes_[frame.node + 1].end = static_cast<std::uint32_t>(document_.nodes_.size());
  expect_ = Expect::comma_or_end;
  return bracket == ']' || unique_keys(frame.node);
}

bool Reader::key(bool first) {
  if (peek() != '"') return unexpected(first ? "a key in quotes or `}`" : "a key in quotes after `,`");
  if (!string()) return false;
  skip_space();
  if (peek() != ':') return unexpected("`:` after the key");
  ++at_;
  ++document_.nodes_[open_.back().node + 1].packed;
  skip_space();
  return value("a value after `:`");
}

bool Reader::after_value() {
  const Frame frame = open_.back();
  const char bracket = frame.is_object ? '}' : ']';
  if (peek() == bracket) {
    if (!frame.is_object) ++document_.nodes_[frame.node + 1].packed;
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
  ++document_.nodes_[frame.node + 1].packed;
  return value("a value after `,`");
}

bool Reader::string() {
  const std::size_t begin = at_++;
  escaped_ = false;
  while (true) {
    while (kIsPlain[static_cast<unsigned char>(peek())]) ++at_;
    if (at_end()) return fail(begin, "expected `\"` at the end of this string, but the text ends");
    const char found = text_[at_];
    if (found == '"') {
      ++at_;
      add(Type::string, begin);
      return true;
    }
    if (found == '\\') {
      if (!escape()) return false;
    } else if (!not_plain()) {
      return false;
    }
  }
}

/// Skips characters beyond ASCII; refuses control characters.
bool Reader::not_plain() {
  if (peek() == '\n' || peek() == '\r') {
    return fail(at_,
                "expected `\"` at the end of this string, found the end of the line (a line break inside is `\\n`)");
  }
  if (static_cast<unsigned char>(peek()) < 0x80) {
    return fail(at_, "a control character (" + printable(text_.substr(at_, 1)) + ") in a string must be escaped");
  }
  // They tend to come in runs.
  while (static_cast<unsigned char>(peek()) >= 0x80) {
    const Character character = first_character(text_.substr(at_));
    if (!character.valid) return fail(at_, "these bytes are not UTF-8");
    at_ += character.bytes.size();
  }
  return true;
}

bool Reader::escape() {
  const std::size_t begin = at_;
  escaped_ = true;
  const char kind = text_.size() - at_ > 1 ? text_[at_ + 1] : '\0';
  if (kind != 'u') {
    ++at_;
    if (kind == '\0' || std::string_view("\"\\/bfnrt").find(kind) == std::string_view::npos) {
      return unexpected("one of `\"\\/bfnrtu` after `\\`");
    }
    ++at_;
    return true;
  }
  const int first = code_unit();
  if (first < 0) return unexpected("four hexadecimal digits after `\\u`");
  if (first >= 0xDC00 && first <= 0xDFFF) {
    return fail(begin, "expected a high surrogate before the low one `" + std::string(text_.substr(begin, 6)) + "`");
  }
  if (first < 0xD800 || first > 0xDBFF) return true;
  const int second = code_unit();
  if (second >= 0xDC00 && second <= 0xDFFF) return true;
  return fail(begin, "expected a low surrogate after the high one `" + std::string(text_.substr(begin, 6)) + "`");
}

/// Reads `\uXXXX`. For anything else returns -1, with `at_` where it goes wrong.
int Reader::code_unit() {
  if (peek() != '\\' || text_.size() - at_ < 2 || text_[at_ + 1] != 'u') return -1;
  at_ += 2;
  int unit = 0;
  for (int digit = 0; digit < 4; ++digit, ++at_) {
    const int part = hex_value(peek());
    if (part < 0) return -1;
    unit = unit * 16 + part;
  }
  return unit;
}

bool Reader::number() {
  const std::size_t begin = at_;
  const auto digits = [this] {
    const std::size_t first = at_;
    while (is_digit(peek())) ++at_;
    return at_ > first;
  };
  if (peek() == '-') ++at_;
  if (peek() == '0') {
    ++at_;
    if (is_digit(peek())) return unexpected("no digit after a leading `0`");
  } else if (!digits()) {
    return unexpected("a digit after `-`");
  }
  if (peek() == '.') {
    ++at_;
    if (!digits()) return unexpected("a digit after `.`");
  }
  if (peek() == 'e' || peek() == 'E') {
    ++at_;
    if (peek() == '+' || peek() == '-') ++at_;
    if (!digits()) return unexpected("a digit in the exponent");
  }
  add(Type::number, begin);
  return true;
}

bool Reader::literal(std::string_view word, Type type, std::string_view expected) {
  if (text_.substr(at_, word.size()) != word) return unexpected(expected);
  const std::size_t begin = at_;
  at_ += word.size();
  add(type, begin);
  return true;
}

/// Refuses two keys with the same decoded text, at the second.
bool Reader::unique_keys(std::uint32_t object) {
  constexpr std::size_t kFew = 16;
  const std::uint32_t end = document_.after(object);
  if (document_.count(object) > kFew) return unique_among_many(object);
  std::array<std::string_view, kFew> seen;
  std::size_t count = 0;
  for (std::uint32_t key = Document::first_in(object); key < end; key = document_.after(key + 1)) {
    if (document_.nodes_[key].escaped()) return unique_among_many(object);
    const std::string_view name = raw(key);
    for (std::size_t other = 0; other < count; ++other) {
      if (seen[other] == name) return refuse_key(key, static_cast<std::size_t>(seen[other].data() - text_.data()));
    }
    seen[count++] = name;
  }
  return true;
}

/// Sorts by hash, then by name, so that colliding hashes cost no more than sorting names.
bool Reader::unique_among_many(std::uint32_t object) {
  using Key = std::tuple<std::size_t, std::string_view, std::uint32_t>;
  const std::vector<Document::Node>& nodes = document_.nodes_;
  std::vector<Key> keys;
  keys.reserve(document_.count(object));
  std::deque<std::string> decoded;
  const std::uint32_t end = document_.after(object);
  for (std::uint32_t key = Document::first_in(object); key < end; key = document_.after(key + 1)) {
    std::string_view name = raw(key);
    if (nodes[key].escaped()) {
      name = decoded.emplace_back(Value(&document_, key).string());
    } else {
      name = name.substr(1, name.size() - 2);
    }
    keys.emplace_back(std::hash<std::string_view>()(name), name, key);
  }
  std::sort(keys.begin(), keys.end());
  const auto key_of = [](const Key& key) { return std::get<std::uint32_t>(key); };
  std::uint32_t first = 0;
  std::uint32_t twice = 0;
  for (std::size_t at = 1; at < keys.size(); ++at) {
    const auto& [hash, name, key] = keys[at];
    if (hash != std::get<0>(keys[at - 1]) || name != std::get<1>(keys[at - 1])) continue;
    if (twice == 0 || key < twice) std::tie(first, twice) = std::pair(key_of(keys[at - 1]), key);
  }
  return twice == 0 || refuse_key(twice, nodes[first].begin());
}

bool Reader::refuse_key(std::uint32_t key, std::size_t first) {
  return fail(document_.nodes_[key].begin(), "duplicate key " + shown_key(raw(key)) + ", first on line " +
                                                 std::to_string(document_.position(first).line));
}

std::string_view Reader::raw(std::uint32_t node) const {
  const Document::Node& place = document_.nodes_[node];
  return text_.substr(place.begin(), place.end - place.begin());
}

bool Reader::fail(std::size_t at, std::string message) {
  fault_ = SyntaxFault{.message = std::move(message), .position = document_.position(at)};
  return false;
}

bool Reader::unexpected(std::string_view expected) {
  std::string message = "expected " + std::string(expected);
  if (text_.empty()) return fail(at_, message + ", but the text is empty");
  if (at_end()) return fail(at_, message + ", but the text ends" + where_open());
  const std::string_view found = found_here();
  if (found.empty()) return fail(at_, message + ", found bytes that are not UTF-8");
  message += ", found `" + printable(found) + "`";
  // It may be invisible or look like another one.
  if (static_cast<unsigned char>(found[0]) >= 0x80) message += " (" + code_point(found) + ")";
  return fail(at_, message);
}

/// The character at this place, or a word that other languages have for a value; empty if it is not UTF-8. No other
/// word: it may be a secret whose quotes are missing.
std::string_view Reader::found_here() const {
  const std::string_view rest = text_.substr(at_);
  for (const std::string_view word :
       {"true", "True", "false", "False", "null", "None", "undefined", "NaN", "Infinity"}) {
    if (rest.starts_with(word)) return word;
  }
  const Character character = first_character(rest);
  return character.valid ? character.bytes : std::string_view();
}

/// Names the object or array that is still open.
std::string Reader::where_open() const {
  if (open_.empty()) return "";
  const Position begin = document_.position(document_.nodes_[open_.back().node].begin());
  return std::string(" inside the ") + (open_.back().is_object ? "object" : "array") + " that begins on line " +
         std::to_string(begin.line);
}

void Reader::skip_space() {
  while (is_space(peek())) ++at_;
}

void Reader::add(Type type, std::size_t begin) {
  const std::uint32_t escaped = type == Type::string && escaped_ ? 8U : 0U;
  document_.nodes_.push_back({static_cast<std::uint32_t>(begin) << 4U | escaped | static_cast<std::uint32_t>(type),
                              static_cast<std::uint32_t>(at_)});
}

}  // namespace flowship::json
