#include "flow/describe/secret_texts.hpp"

#include "base/text/utf8.hpp"
#include "flow/describe/assignments.hpp"
#include "flow/describe/secret_members.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>

namespace flowship::flow {

namespace {

/// The deepest nesting of encodings that is decoded; JSON in a string of JSON counts twice.
constexpr int kDeepest = 6;

/// A text with its escapes decoded once.
struct Decoded {
  std::string text;
  /// Where each byte begins in the source, and where the source ends.
  std::vector<std::uint32_t> origins;

  void add(std::string_view bytes, std::size_t origin) {
    text.append(bytes);
    origins.insert(origins.end(), bytes.size(), static_cast<std::uint32_t>(origin));
  }

  Literal in_source(const Literal& literal) const {
    const std::size_t begin = origins[literal.begin];
    return {begin, origins[literal.begin + literal.length] - begin, true};
  }
};

std::optional<std::uint32_t> hex_number(std::string_view digits, std::size_t size) {
  if (digits.size() < size) return std::nullopt;
  std::uint32_t number = 0;
  for (const char digit : digits.substr(0, size)) {
    const bool is_decimal = digit >= '0' && digit <= '9';
    const char lower = static_cast<char>(digit | 0x20);
    if (!is_decimal && (lower < 'a' || lower > 'f')) return std::nullopt;
    number = number * 16 + static_cast<std::uint32_t>(is_decimal ? digit - '0' : lower - 'a' + 10);
  }
  return number;
}

/// Decodes the escape of JSON at `at`; the length of its source.
std::size_t add_json_escape(Decoded& decoded, std::string_view source, std::size_t at) {
  const char letter = at + 1 < source.size() ? source[at + 1] : '\\';
  if (letter == 'u') {
    constexpr std::size_t kDigits = 4;
    const std::optional<std::uint32_t> code = hex_number(source.substr(at + 2), kDigits);
    // Half of a pair is part of no name.
    std::string character = "?";
    if (code && (*code < 0xD800 || *code > 0xDFFF)) {
      character.clear();
      append_utf8(character, *code);
    }
    decoded.add(character, at);
    return code ? 2 + kDigits : 2;
  }
  const bool is_space = letter == 'n' || letter == 'r' || letter == 't';
  const char meant = letter == 't' ? '\t' : is_space ? '\n' : letter;
  decoded.add(std::string_view(&meant, 1), at);
  return 2;
}

Decoded decoded_once(std::string_view source, bool with_percent) {
  Decoded decoded;
  decoded.text.reserve(source.size());
  decoded.origins.reserve(source.size() + 1);
  for (std::size_t at = 0; at < source.size();) {
    if (source[at] == '\\') {
      at += add_json_escape(decoded, source, at);
      continue;
    }
    const std::optional<std::uint32_t> code =
        with_percent && source[at] == '%' ? hex_number(source.substr(at + 1), 2) : std::nullopt;
    const char meant = code ? static_cast<char>(*code) : source[at];
    decoded.add(std::string_view(&meant, 1), at);
    at += code ? 3 : 1;
  }
  decoded.origins.push_back(static_cast<std::uint32_t>(source.size()));
  return decoded;
}

bool has_percent_escape(std::string_view text) {
  for (std::size_t at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 1)) {
    if (hex_number(text.substr(at + 1), 2)) return true;
  }
  return false;
}

/// The secrets of the JSON that begins at `begin` of a text.
void add_json_secrets(std::vector<Literal>& found, std::string_view text, std::size_t begin, int depth) {
  for (Literal secret : secret_literals(text.substr(begin), depth)) {
    secret.begin += begin;
    if (!secret.is_part && text[secret.begin] == '"') {
      ++secret.begin;
      secret.length -= text[secret.begin + secret.length - 2] == '"' && secret.length > 1 ? 2 : 1;
    }
    if (secret.length > 0) found.push_back({secret.begin, secret.length, true});
  }
}

std::vector<Literal> without_overlaps(std::vector<Literal> literals) {
  std::sort(literals.begin(), literals.end(), [](const Literal& a, const Literal& b) { return a.begin < b.begin; });
  std::vector<Literal> apart;
  for (const Literal& literal : literals) {
    if (!apart.empty() && literal.begin < apart.back().begin + apart.back().length) {
      const std::size_t end = std::max(apart.back().begin + apart.back().length, literal.begin + literal.length);
      apart.back().length = end - apart.back().begin;
    } else {
      apart.push_back(literal);
    }
  }
  return apart;
}

}  // namespace

std::vector<Literal> secrets_in_text(std::string_view text, int depth, TextOf kind) {
  if (text.find_first_of(":=<[%\\") == std::string_view::npos) return {};
  std::vector<Literal> found = assigned_secrets(text, kind);
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  const std::size_t json = text.find_first_of("{[");
  const bool is_json = json != std::string_view::npos && json == first;
  // What strings in JSON hold is decoded one by one there: everything is decoded once per depth.
  if (json != std::string_view::npos) add_json_secrets(found, text, json, is_json ? depth + 1 : kDeepest);
  const bool has_percent = has_percent_escape(text);
  if (depth < kDeepest && !is_json && (has_percent || text.find('\\') != std::string_view::npos)) {
    const Decoded inner = decoded_once(text, has_percent);
    for (const Literal& secret : secrets_in_text(inner.text, depth + 1, kind)) found.push_back(inner.in_source(secret));
  }
  return without_overlaps(std::move(found));
}

std::vector<Literal> secrets_in_string(std::string_view source, int depth) {
  if (depth >= kDeepest) return {};
  if (source.find('\\') == std::string_view::npos) return secrets_in_text(source, depth + 1);
  const Decoded text = decoded_once(source, false);
  std::vector<Literal> secrets = secrets_in_text(text.text, depth + 1);
  for (Literal& secret : secrets) secret = text.in_source(secret);
  return secrets;
}

}  // namespace flowship::flow
