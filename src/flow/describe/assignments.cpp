#include "flow/describe/assignments.hpp"

#include "flow/describe/secret_names.hpp"

#include <algorithm>
#include <optional>

namespace flowship::flow {

namespace {

constexpr std::size_t kLongestWord = 100;
/// Bytes of a value that are looked at to tell a secret from a word.
constexpr std::size_t kLookedAt = 200;
constexpr std::string_view kBlank = " \t";
constexpr std::string_view kTokenEnds = " \t\r\n\"'`\\,;(){}[]<>&";
/// `&` separates the parameters of a query or form alone.
constexpr std::string_view kStatedTokenEnds = kTokenEnds.substr(0, kTokenEnds.size() - 1);

/// Schemes of an Authorization header with one value behind them, and those with a list.
constexpr std::string_view kSchemes[] = {"Bearer", "bearer", "Basic", "basic",     "Token",
                                         "token",  "ApiKey", "SSWS",  "Negotiate", "Splunk"};
constexpr std::string_view kListSchemes[] = {"Digest", "AWS4-HMAC-SHA256", "Hawk", "OAuth"};

template <std::size_t N>
bool is_any_of(const std::string_view (&words)[N], std::string_view word) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

bool is_letter(char letter) { return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z'); }
bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }
bool is_in_name(char letter) { return is_letter(letter) || is_digit(letter) || letter == '-' || letter == '_'; }
bool is_quotation(char letter) { return letter == '"' || letter == '\'' || letter == '`'; }

bool ends_with_folded(std::string_view name, std::string_view ending) {
  return name.size() >= ending.size() &&
         std::equal(ending.begin(), ending.end(), name.end() - static_cast<std::ptrdiff_t>(ending.size()),
                    [](char a, char b) { return a == (b | 0x20); });
}

/// `X-Api-Key`, `client_secret`, `Authorization`: no word of prose before a colon.
bool is_header(std::string_view name) {
  return name.find_first_of("-_") != std::string_view::npos || name == "Authorization" || name == "authorization" ||
         name == "Cookie" || name == "cookie";
}

/// "32-character", "8+", "10th", "v1.2"
bool is_number_or_version(std::string_view word) {
  if (word.starts_with('v')) word.remove_prefix(1);
  const std::size_t digits = std::min(word.find_first_not_of("0123456789."), word.size());
  if (digits == 0) return false;
  word.remove_prefix(digits);
  return std::all_of(word.begin(), word.end(),
                     [](char letter) { return is_letter(letter) || letter == '-' || letter == '+'; });
}

/// `args.token2`
bool is_member_access(std::string_view word) {
  bool begins = true;
  bool has_dot = false;
  for (const char letter : word) {
    if (begins && !is_letter(letter) && letter != '_') return false;
    begins = letter == '.';
    has_dot = has_dot || begins;
    if (!begins && (!is_in_name(letter) || letter == '-')) return false;
  }
  return has_dot && !begins;
}

bool is_constant(std::string_view word) { return word == "true" || word == "false" || word == "null"; }

/// Whether a word is the value of a member in code, or none at all.
bool is_code(std::string_view word) {
  word = word.substr(0, kLookedAt);
  return word.empty() || word.ends_with(',') || word.ends_with(';') || is_member_access(word) || names_secret(word) ||
         is_constant(word) || word == "|" || word == ">";
}

/// Whether a word behind the name of a secret is none of prose or code: it has letters and digits, or signs.
bool looks_secret(std::string_view word, TextOf kind) {
  constexpr std::size_t kShortest = 6;
  // A call counts as its function.
  word = word.substr(0, kLookedAt);
  word = word.substr(0, word.find('('));
  while (!word.empty() && std::string_view(".,;:!?)").find(word.back()) != std::string_view::npos) {
    word.remove_suffix(1);
  }
  // Shorter numbers are codes that expire.
  constexpr std::size_t kShortestNumber = 8;
  if (kind == TextOf::message && word.size() >= kShortestNumber && std::all_of(word.begin(), word.end(), is_digit)) {
    return true;
  }
  if (word.size() < kShortest || is_placeholder(word) || is_number_or_version(word) || is_member_access(word) ||
      (kind == TextOf::flow && names_secret(word)) || word.find("://") != std::string_view::npos) {
    return false;
  }
  return std::any_of(word.begin(), word.end(), is_letter) &&
         (std::any_of(word.begin(), word.end(), is_digit) || word.find_first_of("#$%^*=~!") != std::string_view::npos);
}

/// A name before a separator.
struct Name {
  std::string_view text;
  std::size_t begin = 0;
  bool is_quoted = false;
  /// Nothing lies between it and the separator.
  bool is_close = false;
  bool begins_line = false;
  /// The quotation mark right before it; 0 if there is none.
  char opened_by = 0;
};

/// The token that was looked at last, so that each is looked at once.
struct Token {
  std::string_view ends;
  std::size_t begin = 1;
  std::size_t end = 0;

  std::size_t end_in(std::string_view text, std::size_t at) {
    if (at < begin || at > end) {
      begin = at;
      end = std::min(text.find_first_of(ends, at), text.size());
    }
    return end;
  }
};

/// Goes over a text once. Each line, word and quotation is looked at a limited number of times.
class AssignmentScan {
 public:
  AssignmentScan(std::string_view text, TextOf kind) : text_(text), kind_(kind) {}

  std::vector<Literal> secrets() {
    std::vector<Literal> found;
    for (std::size_t at = next(0); at != std::string_view::npos;) {
      const std::optional<Literal> secret = text_[at] == '<' ? element(at) : assigned(at);
      if (secret) found.push_back(*secret);
      at = next(secret ? secret->begin + secret->length : at + 1);
    }
    return found;
  }

 private:
  std::size_t next(std::size_t at) const { return text_.find_first_of(":=<", at); }
  std::size_t end_of(std::size_t found) const { return std::min(found, text_.size()); }

  Name name_before(std::size_t separator) const {
    Name name;
    std::size_t end = separator;
    while (end > 0 && kBlank.find(text_[end - 1]) != std::string_view::npos && separator - end < kLongestWord) --end;
    if (end > 0 && text_[end - 1] == ']') --end;
    if (end > 0 && is_quotation(text_[end - 1])) {
      name.is_quoted = true;
      --end;
    }
    name.is_close = end == separator;
    std::size_t begin = end;
    while (begin > 0 && end - begin < kLongestWord && is_in_name(text_[begin - 1])) --begin;
    name.begin = begin;
    name.text = text_.substr(begin, end - begin);
    // A list's mark in YAML, curl's marks of what is sent and received.
    while (begin > 0 && name.begin - begin < kLongestWord &&
           std::string_view(" \t->*").find(text_[begin - 1]) != std::string_view::npos) {
      --begin;
    }
    name.begins_line = begin == 0 || text_[begin - 1] == '\n';
    if (name.begin > 0 && is_quotation(text_[name.begin - 1])) name.opened_by = text_[name.begin - 1];
    return name;
  }

  std::optional<Literal> assigned(std::size_t separator) {
    const Name name = name_before(separator);
    const bool is_parameter = text_[separator] == '=';
    const bool is_in_query =
        is_parameter && name.begin > 0 && (text_[name.begin - 1] == '?' || text_[name.begin - 1] == '&');
    const bool is_key = is_in_query && kind_ == TextOf::message && name.text == "key";
    if (name.text.empty() || !(is_key || (is_in_query ? names_secret_parameter(name.text) : names_secret(name.text)))) {
      return std::nullopt;
    }
    const std::size_t after = end_of(text_.find_first_not_of("=>", separator + 1));
    const std::size_t begin = end_of(text_.find_first_not_of(kBlank, after));
    if (begin == text_.size()) return std::nullopt;
    if (is_quotation(text_[begin])) return quoted(begin);
    if (after != separator + 1 || name.is_quoted) return std::nullopt;
    if (is_parameter && name.is_close && begin == after) return parameter(begin);
    if (is_parameter && !name.begins_line) return compared(begin);
    return stated(name, begin);
  }

  std::optional<Literal> value(std::size_t begin, std::size_t end) const {
    if (begin >= end || is_placeholder(text_.substr(begin, end - begin))) return std::nullopt;
    return Literal{begin, end - begin, true};
  }

  std::optional<Literal> quoted(std::size_t quote) const {
    std::size_t end = quote + 1;
    while (end < text_.size() && text_[end] != text_[quote] && (text_[end] != '\n' || text_[quote] == '`')) {
      end += text_[end] == '\\' ? 2 : 1;
    }
    return value(quote + 1, end_of(end));
  }

  std::optional<Literal> parameter(std::size_t begin) { return value(begin, end_of_token(begin)); }

  /// The value of `name = value` behind other words, which is code in a flow.
  std::optional<Literal> compared(std::size_t begin) {
    const std::size_t end = stated_.end_in(text_, begin);
    const std::string_view word = text_.substr(begin, end - begin);
    // `const token = args.token2`
    const bool is_code = is_constant(word) || (is_member_access(word) && names_secret(word));
    const bool is_value = kind_ == TextOf::message && !is_code;
    return is_value ? value(begin, end) : std::nullopt;
  }

  std::size_t end_of_token(std::size_t begin) { return parameter_.end_in(text_, begin); }

  std::size_t end_of_word(std::size_t begin) const { return end_of(text_.find_first_of(" \t\r\n\"'`", begin)); }

  /// The value of a header, a line of YAML or of a text, which has no quotation marks.
  std::optional<Literal> stated(const Name& name, std::size_t begin) {
    const bool begins = name.begins_line || name.opened_by != 0;
    if (!begins || !is_header(name.text)) {
      // `auth: …` begins subjects of commits.
      constexpr std::size_t kShortestInProse = 5;
      if (!begins && name.text.size() < kShortestInProse) return std::nullopt;
      std::size_t end = begins ? end_of_word(begin) : stated_.end_in(text_, begin);
      if (!begins && is_scheme(begin, end)) {
        begin = end_of(text_.find_first_not_of(kBlank, end));
        end = stated_.end_in(text_, begin);
      }
      const std::string_view word = text_.substr(begin, end - begin);
      const bool is_value = looks_secret(word, kind_) ||
                            (name.begins_line && !is_code(word) && is_alone(begin, end) && has_lines_like(name, end));
      return is_value ? value(begin, end) : std::nullopt;
    }
    const std::size_t line_end = end_of_line(begin, name);
    if (ends_with_folded(name.text, "cookie") && text_.substr(begin, kLookedAt).find('=') != std::string_view::npos) {
      return value(begin, line_end);
    }
    std::size_t end = std::min(end_of_word(begin), line_end);
    if (is_any_of(kListSchemes, text_.substr(begin, end - begin)) && end < line_end) return value(end + 1, line_end);
    if (is_scheme(begin, end)) {
      begin = std::min(end_of(text_.find_first_not_of(kBlank, end)), line_end);
      end = std::min(end_of_word(begin), line_end);
    }
    const bool is_value = end == line_end || looks_secret(text_.substr(begin, end - begin), kind_);
    return is_value ? value(begin, end) : std::nullopt;
  }

  bool is_scheme(std::size_t begin, std::size_t end) const {
    return end < text_.size() && text_[end] == ' ' && is_any_of(kSchemes, text_.substr(begin, end - begin));
  }

  /// Where the line ends, or the quotation that began before the name; blanks before it are left out.
  std::size_t end_of_line(std::size_t begin, const Name& name) const {
    std::size_t end = begin;
    while (end < text_.size() && text_[end] != '\n' && (name.opened_by == 0 || text_[end] != name.opened_by)) ++end;
    while (end > begin && std::string_view(" \t\r").find(text_[end - 1]) != std::string_view::npos) --end;
    return end;
  }

  /// Whether nothing follows on the line but a comment.
  bool is_alone(std::size_t begin, std::size_t end) const {
    const std::size_t after = end_of(text_.find_first_not_of(" \t\r", end));
    return end > begin && (after == text_.size() || text_[after] == '\n' || text_[after] == '#');
  }

  /// Whether the line before or behind has a name in small letters and a colon, as in YAML and in headers.
  bool has_lines_like(const Name& name, std::size_t end) const {
    if (name.text.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") != std::string_view::npos) return false;
    const std::size_t next = text_.find('\n', end);
    if (next != std::string_view::npos && begins_with_name(next + 1)) return true;
    const std::size_t last = name.begin == 0 ? std::string_view::npos : text_.rfind('\n', name.begin - 1);
    if (last == std::string_view::npos) return false;
    const std::size_t before = last == 0 ? std::string_view::npos : text_.rfind('\n', last - 1);
    return begins_with_name(before == std::string_view::npos ? 0 : before + 1);
  }

  bool begins_with_name(std::size_t line) const {
    const std::size_t begin = end_of(text_.find_first_not_of(" \t-", line));
    std::size_t end = begin;
    while (end < text_.size() && end - begin < kLongestWord && is_in_name(text_[end])) ++end;
    return end > begin && end < text_.size() && text_[end] == ':' && text_[begin] >= 'a' && text_[begin] <= 'z';
  }

  /// The text of the XML element that begins at `at`, if its name names a secret.
  std::optional<Literal> element(std::size_t at) {
    constexpr std::size_t kLongestTag = 1000;
    constexpr std::string_view kVerbatim = "<![CDATA[";
    std::size_t end = at + 1;
    while (end < text_.size() && end - at < kLongestWord && (is_in_name(text_[end]) || text_[end] == ':')) ++end;
    std::string_view name = text_.substr(at + 1, end - at - 1);
    name.remove_prefix(std::min(name.rfind(':') + 1, name.size()));
    if (name.empty() || !names_secret(name)) return std::nullopt;
    const std::size_t tag = text_.substr(end, kLongestTag).find('>');
    if (tag == std::string_view::npos || (tag > 0 && text_[end + tag - 1] == '/')) return std::nullopt;
    std::size_t begin = end_of(text_.find_first_not_of(" \t\r\n", end + tag + 1));
    const bool is_verbatim = text_.substr(begin).starts_with(kVerbatim);
    if (is_verbatim) begin += kVerbatim.size();
    if (is_verbatim && !is_verbatim_open_) {
      const std::size_t close = text_.find("]]>", begin);
      is_verbatim_open_ = close == std::string_view::npos;
      return is_verbatim_open_ ? std::nullopt : value(begin, close);
    }
    const std::size_t close = text_.find('<', begin);
    if (close == std::string_view::npos || !text_.substr(close).starts_with("</")) return std::nullopt;
    return value(begin, close);
  }

  std::string_view text_;
  TextOf kind_;
  Token parameter_{kTokenEnds};
  Token stated_{kStatedTokenEnds};
  /// Nothing ends the verbatim text that began last.
  bool is_verbatim_open_ = false;
};

}  // namespace

std::vector<Literal> assigned_secrets(std::string_view text, TextOf kind) {
  return AssignmentScan(text, kind).secrets();
}

}  // namespace flowship::flow
