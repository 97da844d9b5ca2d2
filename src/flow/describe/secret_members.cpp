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
      if (leaf.is_secret) secrets.push_back(leaf.literal);
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
    }
    end_value();
    if (is_string && top().is_object && is_among(kLabels, top().member)) {
      top().is_labelled_secret = top().is_labelled_secret || names_secret(decoded(begin, end));
    }
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
  const auto mask = [&](std::size_t begin, std::size_t length) {
    text.append(source.substr(done, begin - done)).append("\"").append(kMasked).append("\"");
    done = begin + length;
  };
  if (leads_to_secret(path)) {
    if (path.back() == "type" && value.is(json::Type::string)) return std::nullopt;
    constexpr std::string_view kHead = "{\"secret\":";
    for (const Literal& secret : secret_literals(std::string(kHead).append(source))) {
      mask(secret.begin - kHead.size(), secret.length);
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
      mask(secret->begin - offset, secret->length);
    }
  }
  if (done == 0) return std::nullopt;
  return text.append(source.substr(done));
}

}  // namespace flowship::flow
