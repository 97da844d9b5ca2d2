#include "flow/describe/secret_members.hpp"

#include "base/text/utf8.hpp"

#include <algorithm>

namespace flowship::flow {

namespace {

/// Endings of names of secrets, lower case and without separators.
constexpr std::string_view kSecretEndings[] = {
    "password",        "passwords",        "passwd",        "passphrase",    "passcode",      "secret",
    "secrets",         "secretkey",        "token",         "apikey",        "apikeys",       "privatekey",
    "accesskey",       "signingkey",       "signaturekey",  "hmackey",       "authkey",       "sharedkey",
    "masterkey",       "servicekey",       "accountkey",    "sessionkey",    "licensekey",    "functionskey",
    "subscriptionkey", "encryptionkey",    "decryptionkey", "managementkey", "authorization", "credential",
    "credentials",     "connectionstring", "cookie",
};
/// Whole names.
constexpr std::string_view kSecretNames[] = {"auth", "bearer", "jwt", "pass", "pwd", "pat"};
/// What a name may have behind that.
constexpr std::string_view kTails[] = {"value", "header", "text", "string", "pem", "base64"};

/// Members whose own members are named after ids, labels or interactions.
constexpr std::string_view kMaps[] = {"tasks",      "screens",     "contents",   "htmlTemplate", "interactions",
                                      "conditions", "linkedNodes", "references", "connectors",   "roles"};

/// Members that name what the member `value` beside them is.
constexpr std::string_view kLabels[] = {"key", "name", "header", "headerName", "param"};

/// How the value of an argument is given, no part of it.
constexpr std::string_view kWrappings[] = {"inline", "dynamic", "static",   "string",    "context", "expression",
                                           "json",   "object",  "template", "formatted", "number",  "reference"};

template <std::size_t N>
bool is_among(const std::string_view (&names)[N], std::string_view name) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

/// Whether there is nothing but one `{{template}}`, which the service fills in.
bool is_template(std::string_view text) {
  return text.size() > 4 && text.starts_with("{{") && text.ends_with("}}") && text.find("}}") == text.size() - 2;
}

bool is_map(std::string_view name) { return is_among(kMaps, name); }

/// Goes over a JSON text once. What is not JSON is skipped.
class Scan {
 public:
  explicit Scan(std::string_view text) : text_(text) { containers_.emplace_back(); }

  std::vector<Literal> literals() {
    std::size_t at = 0;
    while (at < text_.size()) at = step(at);
    while (containers_.size() > 1) close();
    std::vector<Literal> secrets;
    for (const Leaf& leaf : leaves_) {
      const std::size_t done = secrets.empty() ? 0 : secrets.back().begin + secrets.back().length;
      if (leaf.is_secret && leaf.literal.begin >= done) secrets.push_back(leaf.literal);
    }
    return secrets;
  }

 private:
  struct Leaf {
    Literal literal;
    bool is_secret;
  };
  struct Container {
    /// Under which it is a member.
    std::string name;
    bool is_object = false;
    bool is_secret = false;
    /// Of the member that is being read; empty before its name.
    std::string member;
    bool has_name = false;
    bool is_labelled_secret = false;
    /// The leaves of its member `value`.
    std::size_t value_begin = 0;
    std::size_t value_end = 0;
  };

  Container& top() { return containers_.back(); }

  bool is_member_secret() {
    const Container& in = top();
    return in.is_secret || (in.is_object && !is_map(in.name) && names_secret(in.member));
  }

  std::size_t step(std::size_t at) {
    const char letter = text_[at];
    if (letter == '"') return string(at);
    if (letter == '{' || letter == '[') {
      Container inner;
      // The elements of a list are where the list is.
      inner.name = top().is_object ? top().member : top().name;
      inner.is_secret = is_member_secret();
      inner.is_object = letter == '{';
      begin_value();
      containers_.push_back(std::move(inner));
    } else if ((letter == '}' || letter == ']') && containers_.size() > 1) {
      close();
    } else if (letter == ',') {
      top().has_name = false;
    } else if (letter == '-' || (letter >= '0' && letter <= '9')) {
      const std::size_t end = std::min(text_.find_first_not_of("+-.0123456789eE", at), text_.size());
      add(at, end);
      return end;
    }
    return at + 1;
  }

  std::size_t string(std::size_t begin) {
    std::size_t end = begin + 1;
    while (end < text_.size() && text_[end] != '"' && text_[end] != '\n') end += text_[end] == '\\' ? 2 : 1;
    const bool is_closed = end < text_.size() && text_[end] == '"';
    end = std::min(end + (is_closed ? 1 : 0), text_.size());
    if (top().is_object && !top().has_name) {
      top().member = decoded(begin, end);
      top().has_name = true;
    } else {
      add(begin, end);
    }
    return end;
  }

  std::string decoded(std::size_t begin, std::size_t end) const {
    const std::string_view literal = text_.substr(begin, end - begin);
    if (literal.find('\\') != std::string_view::npos) {
      const json::ReadResult read = json::Document::read(std::string(literal));
      if (read.document) return read.document->root().string();
    }
    return std::string(literal.substr(1, literal.size() - (literal.size() > 1 && literal.ends_with('"') ? 2 : 1)));
  }

  void begin_value() {
    if (top().is_object && top().member == "value") top().value_begin = leaves_.size();
    if (top().is_object && top().member == "value") top().value_end = leaves_.size();
  }

  void end_value() {
    if (top().is_object && top().member == "value") top().value_end = leaves_.size();
  }

  void add(std::size_t begin, std::size_t end) {
    const std::string_view literal = text_.substr(begin, end - begin);
    const bool is_string = literal.starts_with('"');
    const std::string_view inner = is_string && literal.size() > 1 ? literal.substr(1, literal.size() - 2) : literal;
    begin_value();
    const bool is_wrapping = top().is_object && top().member == "type" && is_among(kWrappings, inner);
    if (!inner.empty() && !is_wrapping && !is_template(inner)) {
      leaves_.push_back({{begin, literal.size()}, is_member_secret()});
      if (is_string) add_parts(begin + 1, inner);
    }
    end_value();
    if (is_string && top().is_object && is_among(kLabels, top().member)) {
      top().is_labelled_secret = top().is_labelled_secret || names_secret(decoded(begin, end));
    }
  }

  /// Of a string that is no secret as a whole.
  void add_parts(std::size_t begin, std::string_view inner) {
    for (const Literal& part : named_secrets(inner)) leaves_.push_back({{begin + part.begin, part.length, true}, true});
  }

  void close() {
    const Container& closed = top();
    if (closed.is_labelled_secret && !closed.is_secret) {
      for (std::size_t index = closed.value_begin; index < closed.value_end; ++index) leaves_[index].is_secret = true;
    }
    containers_.pop_back();
    end_value();
  }

  std::string_view text_;
  std::vector<Container> containers_;
  std::vector<Leaf> leaves_;
};

bool is_part_of_name(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') ||
         letter == '-' || letter == '_';
}

bool is_quote(char letter) { return letter == '"' || letter == '\''; }

/// A name before a separator, in a text.
struct NameBefore {
  std::string_view name;
  bool is_quoted = false;
  /// Nothing lies between it and the separator.
  bool is_close = false;
  bool begins_line = false;
};

NameBefore name_before(std::string_view text, std::size_t separator) {
  constexpr std::size_t kLongest = 100;
  NameBefore found;
  std::size_t end = separator;
  while (end > 0 && text[end - 1] == ' ') --end;
  if (end > 0 && is_quote(text[end - 1])) {
    found.is_quoted = true;
    --end;
    while (end > 0 && text[end - 1] == '\\') --end;
  }
  found.is_close = end == separator;
  std::size_t begin = end;
  while (begin > 0 && end - begin < kLongest && is_part_of_name(text[begin - 1])) --begin;
  found.begins_line = begin == 0 || text[begin - 1] == '\\';
  found.name = text.substr(begin, end - begin);
  return found;
}

/// The secret behind the separator at `separator`, `:` or `=`.
std::optional<Literal> named_secret(std::string_view text, std::size_t separator) {
  const NameBefore before = name_before(text, separator);
  if (before.name.empty() || !names_secret(before.name)) return std::nullopt;
  std::size_t begin = separator + 1;
  while (begin < text.size() && text[begin] == ' ') ++begin;
  const bool is_close = begin == separator + 1;
  while (begin < text.size() && text[begin] == '\\') ++begin;
  const bool is_quoted = begin < text.size() && is_quote(text[begin]);
  if (is_quoted) ++begin;
  const std::size_t end = std::min(text.find_first_of(is_quoted ? "\"'\\" : "\"'\\ &;,(){}[]<>", begin), text.size());
  const std::string_view value = text.substr(begin, end - begin);
  if (value.empty() || value.starts_with("{{")) return std::nullopt;
  const bool is_parameter = text[separator] == '=' && before.is_close && is_close;
  const bool is_header = text[separator] == ':' && before.begins_line && before.is_close &&
                         before.name.find_first_of("-_") != std::string_view::npos;
  if (!is_quoted && !is_parameter && !is_header) return std::nullopt;
  return Literal{begin, end - begin, true};
}

/// Whether a pointer leads into a member whose name names a secret.
bool leads_to_secret(const json::Pointer& path) {
  for (std::size_t index = 0; index < path.size(); ++index) {
    if (names_secret(path[index]) && (index == 0 || !is_map(path[index - 1]))) return true;
  }
  return false;
}

}  // namespace

bool names_secret(std::string_view name) {
  constexpr std::size_t kLongestName = 100;
  if (name.size() > kLongestName) return false;
  std::string folded;
  for (const char letter : name) {
    if (letter >= 'A' && letter <= 'Z') folded += static_cast<char>(letter - 'A' + 'a');
    if ((letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9')) folded += letter;
  }
  for (const std::string_view tail : kTails) {
    if (folded.size() > tail.size() && folded.ends_with(tail)) folded.resize(folded.size() - tail.size());
  }
  while (!folded.empty() && folded.back() >= '0' && folded.back() <= '9') folded.pop_back();
  return is_among(kSecretNames, folded) ||
         std::any_of(std::begin(kSecretEndings), std::end(kSecretEndings),
                     [&](std::string_view ending) { return folded.ends_with(ending); });
}

std::vector<Literal> named_secrets(std::string_view text) {
  std::vector<Literal> secrets;
  for (std::size_t at = text.find_first_of(":="); at != std::string_view::npos; at = text.find_first_of(":=", at)) {
    const std::optional<Literal> secret = named_secret(text, at);
    at = secret ? secret->begin + secret->length : at + 1;
    if (secret) secrets.push_back(*secret);
  }
  return secrets;
}

std::vector<Literal> secret_literals(std::string_view text) { return Scan(text).literals(); }

std::string with_secret_members_starred(std::string_view text) {
  std::string starred;
  std::size_t done = 0;
  for (const Literal& secret : secret_literals(text)) {
    starred.append(text.substr(done, secret.begin - done));
    done = secret.begin + secret.length;
    for (std::size_t at = secret.begin; at < done; ++at) {
      const bool is_quote = text[at] == '"' && (at == secret.begin || at + 1 == done);
      if (is_quote || !continues_character(text[at])) starred += is_quote ? '"' : '*';
    }
  }
  return starred.append(text.substr(done));
}

std::optional<std::string> SecretMembers::masked(json::Value value, const json::Pointer& path) {
  if (!value) return std::nullopt;
  const std::string_view source = value.text();
  std::string text;
  std::size_t done = 0;
  const auto mask = [&](std::size_t begin, const Literal& secret) {
    const std::string_view quote = secret.is_part ? "" : "\"";
    text.append(source.substr(done, begin - done)).append(quote).append(kMasked).append(quote);
    done = begin + secret.length;
  };
  if (leads_to_secret(path)) {
    if (path.back() == "type" && value.is(json::Type::string)) return std::nullopt;
    constexpr std::string_view kHead = "{\"secret\":";
    for (const Literal& secret : secret_literals(std::string(kHead).append(source))) {
      mask(secret.begin - kHead.size(), secret);
    }
  } else {
    auto known = literals_.find(&value.document());
    if (known == literals_.end()) {
      known = literals_.emplace(&value.document(), secret_literals(value.document().text())).first;
    }
    const auto offset = static_cast<std::size_t>(source.data() - value.document().text().data());
    auto secret = std::lower_bound(known->second.begin(), known->second.end(), offset,
                                   [](const Literal& literal, std::size_t at) { return literal.begin < at; });
    for (; secret != known->second.end() && secret->begin < offset + source.size(); ++secret) {
      mask(secret->begin - offset, *secret);
    }
  }
  if (done == 0) return std::nullopt;
  return text.append(source.substr(done));
}

}  // namespace flowship::flow
