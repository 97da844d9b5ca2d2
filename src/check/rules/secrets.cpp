#include "check/rules/secrets.hpp"

#include "base/base64.hpp"
#include "base/held_secrets.hpp"
#include "base/secret.hpp"
#include "base/text/utf8.hpp"
#include "check/rules/letters.hpp"
#include "check/rules/marks.hpp"
#include "check/rules/provider_tokens.hpp"
#include "check/rules/url_secrets.hpp"
#include "flow/describe/secret_members.hpp"
#include "json/document.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace flowship::check {

namespace {

constexpr std::size_t kManagementKeyLeast = 28;
/// A bearer token has at least this many letters, with a digit among them or more of them than any word.
constexpr std::size_t kBearerLeast = 20;
constexpr std::size_t kLongestWord = 24;
/// No secret that is a single run of token letters is shorter.
constexpr std::size_t kShortestRun = 20;
/// A longer run of base64 is an image or a font, where anything that looks like a key is chance.
constexpr std::size_t kBlobLeast = 200;

std::optional<std::string> from_base64url(std::string_view text) {
  std::string padded(text);
  std::replace(padded.begin(), padded.end(), '-', '+');
  std::replace(padded.begin(), padded.end(), '_', '/');
  while (padded.size() % 4 != 0) padded += '=';
  return from_base64(padded);
}

/// The length of the JWT at `begin`: three parts, the first an object with `alg`; 0 if there is none.
std::size_t jwt_length(std::string_view text, std::size_t begin) {
  std::array<std::size_t, 3> lengths{};
  std::size_t at = begin;
  for (std::size_t part = 0; part < lengths.size(); ++part) {
    while (at + lengths[part] < text.size() && is(text[at + lengths[part]], kWord)) ++lengths[part];
    // Without a signature the third part is empty.
    if (lengths[part] == 0 && (part < 2 || text.substr(at - lengths[1] - 1, 3) != "eyJ")) return 0;
    at += lengths[part];
    if (part + 1 == lengths.size()) break;
    if (at >= text.size() || text[at] != '.') return 0;
    ++at;
  }
  constexpr std::size_t kShortestHeader = 14;  // {"alg":"x"}
  if (lengths[0] < kShortestHeader) return 0;
  const json::ReadResult header =
      json::Document::read(from_base64url(text.substr(begin, lengths[0])).value_or(std::string()));
  if (header.document == nullptr || !header.document->root().find("alg")) return 0;
  return at - begin;
}

class Scan {
 public:
  explicit Scan(std::string_view text) : text_(text) {}

  std::vector<Secret> secrets() {
    scan_runs();
    const std::size_t runs = found_.size();
    for (const std::string_view scheme : {"Bearer ", "bearer ", "BEARER "}) scan_bearers(Mark(scheme), runs);
    add_unknown(find_url_passwords(text_), runs);
    add_unknown(find_marked_tokens(text_), runs);
    for (const std::string_view scheme : {"Basic ", "basic "}) scan_basic(Mark(scheme), runs);
    scan_putty_keys();
    scan_private_keys();
    std::sort(found_.begin(), found_.end(), [](const Secret& a, const Secret& b) { return a.begin < b.begin; });
    return std::move(found_);
  }

 private:
  /// Looks at every 20th byte only: a run that is long enough contains one of them.
  void scan_runs() {
    std::size_t at = kShortestRun - 1;
    while (at < text_.size()) {
      if (!is(text_[at], kToken)) {
        at += kShortestRun;
        continue;
      }
      std::size_t begin = at;
      while (begin > 0 && is(text_[begin - 1], kToken)) --begin;
      const std::size_t end = at + run_of(text_, at, kToken);
      if (end - begin >= kShortestRun) scan_run(begin, end);
      at = end + kShortestRun;
    }
  }

  /// In JSON source, the first letters of a run may be the end of an escape.
  std::size_t past_escape(std::size_t begin, std::size_t end) const {
    std::size_t backslashes = 0;
    while (backslashes < begin && text_[begin - 1 - backslashes] == '\\') ++backslashes;
    if (backslashes % 2 == 0) return begin;
    return std::min(end, begin + (text_[begin] == 'u' ? 5 : 1));
  }

  void scan_run(std::size_t begin, std::size_t end) {
    std::size_t at = past_escape(begin, end);
    bool is_boundary = true;
    while (at + kShortestRun <= end) {
      const Secret secret = is_boundary ? secret_at(at) : Secret{};
      if (secret.length != 0) {
        found_.push_back(secret);
        at += secret.length;
        continue;
      }
      is_boundary = !is(text_[at], kAlnum);
      ++at;
    }
  }

  /// The secret at `at`, the beginning of a word; with length 0 if there is none.
  Secret secret_at(std::size_t at) const {
    const char first = text_[at];
    const bool is_part = at > 0 && (text_[at - 1] == '_' || text_[at - 1] == '-');
    if (first == 'K' && !is_part) {
      const std::size_t length = run_of(text_, at, kAlnum);
      if (length >= kManagementKeyLeast && text_[at + 1] == '2' && !in_blob(at) && !in_base64(at) &&
          !is_prose(text_.substr(at + 2, length - 2))) {
        return {"management-key", "a Descope management key", at, length};
      }
    }
    if (first == 'e' && !is_part && text_.substr(at).starts_with("eyJ")) {
      if (const std::size_t length = jwt_length(text_, at)) return {"jwt", "a JWT", at, length};
    }
    if (in_base64(at)) return {};
    const Secret token = provider_token_at(text_, at);
    return token.length == 0 || in_blob(at) ? Secret{} : token;
  }

  bool in_blob(std::size_t at) const {
    std::size_t begin = at;
    while (begin > 0 && is(text_[begin - 1], kBase64) && at - begin < kBlobLeast) --begin;
    std::size_t end = at;
    while (end < text_.size() && is(text_[end], kBase64) && end - begin < kBlobLeast) ++end;
    return end - begin >= kBlobLeast;
  }

  /// Whether random letters before `begin` make what begins there a part of longer base64.
  bool in_base64(std::size_t begin) const {
    constexpr std::size_t kLeast = 24;
    constexpr std::size_t kFar = 64;
    std::size_t left = begin;
    bool has_digit = false;
    bool has_capital = false;
    bool has_small = false;
    while (left > 0 && begin - left < kFar && is(text_[left - 1], kBase64 | kWord)) {
      const char letter = text_[--left];
      has_digit = has_digit || (letter >= '0' && letter <= '9');
      has_capital = has_capital || (letter >= 'A' && letter <= 'Z');
      has_small = has_small || (letter >= 'a' && letter <= 'z');
    }
    return left < begin &&
           (text_[begin - 1] == '+' || (begin - left >= kLeast && has_digit && has_capital && has_small));
  }

  void scan_private_keys() {
    constexpr std::string_view kBegin = "-----BEGIN ";
    constexpr Mark kMark("PRIVATE KEY");
    constexpr std::size_t kLongestKind = 24;  // "RSA ", "OPENSSH ", "ENCRYPTED ", …
    std::size_t quote = 0;
    std::size_t mark = kMark.find_in(text_);
    while (mark != std::string_view::npos) {
      std::size_t end = mark + kMark.size();
      const std::size_t from = mark - std::min(mark, kBegin.size() + kLongestKind);
      const std::size_t begin = text_.substr(from, mark - from).rfind(kBegin);
      if (begin != std::string_view::npos) {
        if (quote < mark) quote = std::min(text_.find('"', mark), text_.size());
        const std::string_view rest = text_.substr(mark, quote - mark);
        end = mark + std::min(rest.find("-----END"), rest.size());
        found_.push_back({"private-key", "a private key", from + begin, end - from - begin});
      }
      mark = kMark.find_in(text_, end);
    }
  }

  /// Whether a secret overlaps one of the first `runs`, which are in the order of the text.
  bool is_known(std::size_t begin, std::size_t length, std::size_t runs) const {
    const auto last = found_.begin() + static_cast<std::ptrdiff_t>(runs);
    const auto after = std::lower_bound(found_.begin(), last, begin + length,
                                        [](const Secret& secret, std::size_t end) { return secret.begin < end; });
    return after != found_.begin() && std::prev(after)->begin + std::prev(after)->length > begin;
  }

  void add_unknown(const std::vector<Secret>& secrets, std::size_t runs) {
    for (const Secret& secret : secrets) {
      if (!is_known(secret.begin, secret.length, runs)) found_.push_back(secret);
    }
  }

  /// Names and passwords in base64 behind the scheme, except those of specifications.
  void scan_basic(const Mark& scheme, std::size_t runs) {
    for (std::size_t at = scheme.find_in(text_); at != std::string_view::npos; at = scheme.find_in(text_, at + 1)) {
      const std::size_t begin = at + scheme.size();
      std::size_t length = run_of(text_, begin, kBase64);
      length += run_of(text_.substr(begin + length, 2), 0, kBearer);
      const std::string decoded = from_base64(text_.substr(begin, length)).value_or(std::string());
      const bool is_example = decoded == "Aladdin:open sesame" || decoded.ends_with(":password");
      const bool is_pair =
          decoded.find(':', 1) != std::string::npos &&
          std::all_of(decoded.begin(), decoded.end(), [](char letter) { return letter >= ' ' && letter <= '~'; });
      if (!is_pair || is_example || is_known(begin, length, runs)) continue;
      found_.push_back({"basic-authorization", "basic authorization", begin, length});
    }
  }

  void scan_putty_keys() {
    constexpr Mark kMark("PuTTY-User-Key-File-");
    constexpr std::string_view kSecretPart = "Private-Lines:";
    for (std::size_t at = kMark.find_in(text_); at != std::string_view::npos;) {
      const std::size_t end = std::min(text_.find('"', at), text_.size());
      if (text_.substr(at, end - at).find(kSecretPart) != std::string_view::npos) {
        found_.push_back({"private-key", "a PuTTY private key", at, end - at});
      }
      at = kMark.find_in(text_, end);
    }
  }

  void scan_bearers(const Mark& scheme, std::size_t runs) {
    for (std::size_t at = scheme.find_in(text_); at != std::string_view::npos; at = scheme.find_in(text_, at + 1)) {
      const std::size_t begin = at + scheme.size();
      const std::size_t length = run_of(text_, begin, kBearer);
      const bool is_random = text_.substr(begin, length).find_first_of("0123456789") != std::string_view::npos ||
                             run_of(text_, begin, kAlnum) > kLongestWord;
      const bool is_part = at > 0 && is(text_[at - 1], kAlnum) && past_escape(at - 1, at) == at - 1;
      if (length < kBearerLeast || !is_random || is_part || is_known(begin, length, runs)) continue;
      found_.push_back({"bearer-token", "a bearer token", begin, length});
    }
  }

  std::string_view text_;
  std::vector<Secret> found_;
};

/// The strings of a line of JSON source that contain a secret once their escapes are decoded, without quotes.
std::vector<Secret> find_escaped_secrets(std::string_view line) {
  std::vector<Secret> found;
  if (line.find("\\u00") == std::string_view::npos && line.find("\\/") == std::string_view::npos) return found;
  for (std::size_t open = line.find('"'); open != std::string_view::npos;) {
    std::size_t close = open + 1;
    while (close < line.size() && line[close] != '"') close += line[close] == '\\' ? 2 : 1;
    if (close >= line.size()) break;
    const json::ReadResult read = json::Document::read(std::string(line.substr(open, close + 1 - open)));
    const std::string decoded = read.document ? read.document->root().string() : std::string();
    if (find_secret(decoded) || !find_query_secrets(decoded).empty())
      found.push_back({"", "", open + 1, close - open - 1});
    open = line.find('"', close + 1);
  }
  return found;
}

}  // namespace

std::vector<Secret> find_secrets(std::string_view text) { return Scan(text).secrets(); }

std::optional<Secret> find_secret(std::string_view text) {
  const std::vector<Secret> secrets = find_secrets(text);
  return secrets.empty() ? std::nullopt : std::optional(secrets.front());
}

namespace {

/// Texts that look like management keys, even inside a longer word. They are masked, but break no rule.
std::vector<Secret> find_key_forms(std::string_view text) {
  std::vector<Secret> found;
  for (KeyForm key = find_form_of_key(text); key.length != 0; key = find_form_of_key(text, key.begin + key.length)) {
    found.push_back({"", "", key.begin, key.length});
  }
  return found;
}

}  // namespace

std::string mask(std::string_view secret) { return std::to_string(secret.size()) + " characters"; }

std::vector<Secret> find_hidden(std::string_view text) {
  std::vector<Secret> hidden;
  for (const auto& find :
       {find_secrets, find_url_passwords, find_query_secrets, find_escaped_secrets, find_key_forms}) {
    const std::vector<Secret> found = find(text);
    hidden.insert(hidden.end(), found.begin(), found.end());
  }
  for (const HeldPlace& held : find_held(text)) hidden.push_back({"", "", held.begin, held.length});
  return hidden;
}

std::string with_secrets_masked(std::string_view line) {
  std::vector<bool> hidden(line.size());
  for (const Secret& secret : find_hidden(line)) {
    for (std::size_t at = secret.begin; at < secret.begin + secret.length; ++at) hidden[at] = true;
  }
  std::string masked;
  masked.reserve(line.size());
  for (std::size_t at = 0; at < line.size(); ++at) {
    // One star per character, so that columns stay the same.
    if (!hidden[at]) masked += line[at];
    if (hidden[at] && !continues_character(line[at])) masked += '*';
  }
  return masked;
}

std::string with_message_masked(std::string_view message) {
  return with_secrets_masked(flow::with_named_secrets_starred(message));
}

}  // namespace flowship::check
