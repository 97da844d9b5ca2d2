#include "flow/describe/secret_members.hpp"

#include "base/text/utf8.hpp"
#include "flow/describe/secret_names.hpp"

#include <algorithm>
#include <utility>

namespace flowship::flow {

namespace {

/// Members whose own members are named after ids, labels or interactions.
constexpr std::string_view kMaps[] = {"tasks",      "screens",     "contents",   "htmlTemplate", "interactions",
                                      "conditions", "linkedNodes", "references", "connectors",   "roles"};

/// Members that name what the member beside them is, which is one of those below.
constexpr std::string_view kLabels[] = {"key", "name", "header", "headerName", "param", "parameter", "field"};
constexpr std::string_view kLabelled[] = {"value", "val", "content"};

/// How the value of an argument is given, no part of it.
constexpr std::string_view kWrappings[] = {"inline", "dynamic", "static",   "string",    "context", "expression",
                                           "json",   "object",  "template", "formatted", "number",  "reference"};

template <std::size_t N>
bool is_among(const std::string_view (&names)[N], std::string_view name) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

/// What separates a JSON text's values.
constexpr std::string_view kBetween = " \t\r\n,:{}[]\"";

bool is_map(std::string_view name) { return is_among(kMaps, name); }

/// Goes over a JSON text once. What is not JSON is skipped.
class Scan {
 public:
  Scan(std::string_view text, int depth) : text_(text), depth_(depth) { containers_.emplace_back(); }

  std::vector<Literal> literals() {
    std::size_t at = 0;
    while (at < text_.size()) at = step(at);
    while (containers_.size() > 1) close();
    mark_labelled();
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
    /// Of a list.
    std::size_t elements = 0;
    bool is_of_header = false;
    bool is_content = false;
    /// The leaves of what is labelled: a member `value`, or the second element of a pair.
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
    } else if (depth_ == 0 && kBetween.find(letter) == std::string_view::npos) {
      return bare_word(at);
    }
    return at + 1;
  }

  /// What is no JSON, such as a string without its quotes.
  std::size_t bare_word(std::size_t begin) {
    const std::size_t end = std::min(text_.find_first_of(kBetween, begin), text_.size());
    const std::string_view word = text_.substr(begin, end - begin);
    if (word == "true" || word == "false" || word == "null") return end;
    begin_value();
    leaves_.push_back({{begin, end - begin, true}, is_member_secret()});
    end_value();
    return end;
  }

  std::size_t string(std::size_t begin) {
    std::size_t end = begin + 1;
    while (end < text_.size() && text_[end] != '"' && text_[end] != '\n') end += text_[end] == '\\' ? 2 : 1;
    const bool is_closed = end < text_.size() && text_[end] == '"';
    end = std::min(end + (is_closed ? 1 : 0), text_.size());
    if (top().is_object && !top().has_name && (depth_ == 0 || is_colon_behind(end))) {
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

  /// In a text that only may be JSON, other strings are no names.
  bool is_colon_behind(std::size_t end) const {
    const std::size_t next = text_.find_first_not_of(" \t\r\n", end);
    return next != std::string_view::npos && text_[next] == ':';
  }

  bool is_labelled() {
    const Container& in = top();
    return in.is_object && is_among(kLabelled, in.member) &&
           (in.member != "content" || in.is_content || in.value_begin == in.value_end);
  }

  bool is_in_list() { return !top().is_object && containers_.size() > 1; }

  void begin_value() {
    Container& in = top();
    if (is_in_list()) ++in.elements;
    if (is_labelled() || (is_in_list() && in.elements == 2)) {
      in.value_begin = in.value_end = leaves_.size();
      in.is_content = in.is_object && in.member == "content";
    }
  }

  void end_value() {
    Container& in = top();
    if (is_labelled() || (is_in_list() && in.elements == 2)) in.value_end = leaves_.size();
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
    const bool is_label = top().is_object ? is_among(kLabels, top().member) : top().elements == 1;
    if (is_string && is_label) {
      top().is_labelled_secret = top().is_labelled_secret || names_secret(decoded(begin, end));
      top().is_of_header = top().is_of_header || top().member.starts_with("header");
    }
  }

  /// Of a string that is no secret as a whole.
  void add_parts(std::size_t begin, std::string_view inner) {
    for (const Literal& part : secrets_in_string(inner, depth_)) {
      leaves_.push_back({{begin + part.begin, part.length, true}, true});
    }
  }

  /// At once, since the values may lie within each other.
  void mark_labelled() {
    std::sort(labelled_.begin(), labelled_.end());
    std::size_t index = 0;
    for (const auto& [begin, end] : labelled_) {
      for (index = std::max(index, begin); index < end; ++index) leaves_[index].is_secret = true;
    }
  }

  void close() {
    const Container& closed = top();
    const Container& around = containers_[containers_.size() - 2];
    // A pair of a list of pairs; other lists may list names. Screens have members `name` and `content`.
    const bool is_labelled = closed.is_object ? !closed.is_content || closed.is_of_header
                                              : closed.elements == 2 && !around.is_object && containers_.size() > 2;
    if (closed.is_labelled_secret && is_labelled && !closed.is_secret) {
      labelled_.emplace_back(closed.value_begin, closed.value_end);
    }
    containers_.pop_back();
    end_value();
  }

  std::string_view text_;
  int depth_;
  std::vector<Container> containers_;
  std::vector<Leaf> leaves_;
  /// Ranges of leaves that are secret by a label beside them.
  std::vector<std::pair<std::size_t, std::size_t>> labelled_;
};

/// Whether a pointer leads into a member whose name names a secret.
bool leads_to_secret(const json::Pointer& path) {
  for (std::size_t index = 0; index < path.size(); ++index) {
    if (names_secret(path[index]) && (index == 0 || !is_map(path[index - 1]))) return true;
  }
  return false;
}

/// Where the first word, or pair of words, of a line that names a secret ends; the line's length if none does.
std::size_t end_of_secret_name(std::string_view line) {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
  std::size_t before = line.size();
  for (std::size_t begin = line.find_first_of(kLetters); begin < line.size();) {
    const std::size_t end = std::min(line.find_first_not_of(kLetters, begin), line.size());
    const bool is_pair = before < begin && names_secret(line.substr(before, end - before));
    if (is_pair || names_secret(line.substr(begin, end - begin))) return end;
    before = begin;
    begin = line.find_first_of(kLetters, end);
  }
  return line.size();
}

std::string starred(std::string_view text, const std::vector<Literal>& secrets) {
  std::string result;
  std::size_t done = 0;
  for (const Literal& secret : secrets) {
    result.append(text.substr(done, secret.begin - done));
    done = secret.begin + secret.length;
    for (std::size_t at = secret.begin; at < done; ++at) {
      const bool is_quote = !secret.is_part && text[at] == '"' && (at == secret.begin || at + 1 == done);
      if (is_quote || !continues_character(text[at])) result += is_quote ? '"' : '*';
    }
  }
  return result.append(text.substr(done));
}

}  // namespace

std::vector<Literal> secret_literals(std::string_view text, int depth) { return Scan(text, depth).literals(); }

std::string with_secret_members_starred(std::string_view text) { return starred(text, secret_literals(text)); }

std::string with_secret_lines_starred(std::string_view text) {
  const std::vector<Literal> literals = secret_literals(text);
  auto literal = literals.begin();
  std::vector<Literal> secrets;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    std::size_t from = begin + end_of_secret_name(text.substr(begin, end - begin));
    if (literal != literals.end() && literal->begin < end) from = std::min(from, literal->begin);
    while (literal != literals.end() && literal->begin < end) ++literal;
    secrets.push_back({from, end - from, true});
    begin = end + 1;
  }
  return starred(text, secrets);
}

std::string with_named_secrets_starred(std::string_view text) {
  return starred(text, secrets_in_text(text, 0, TextOf::message));
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
