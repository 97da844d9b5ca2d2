// The rules about secrets and insecure URLs.

#include "base/digest.hpp"
#include "base/text/letter_case.hpp"
#include "check/rules/rule.hpp"
#include "check/rules/secrets.hpp"

#include <algorithm>
#include <cctype>
#include <set>
#include <string>
#include <utility>

namespace flowship::check {

namespace {

/// The ends of the string literal around a byte of a JSON text: its quotation marks.
struct Literal {
  std::size_t open = 0;
  std::size_t close = 0;
};

bool is_escaped(std::string_view text, std::size_t at) {
  std::size_t backslashes = 0;
  while (backslashes < at && text[at - 1 - backslashes] == '\\') ++backslashes;
  return backslashes % 2 == 1;
}

/// Letters or slashes behind escapes.
bool has_escapes(std::string_view text) {
  return text.find("\\u00") != std::string_view::npos || text.find("\\/") != std::string_view::npos;
}

Literal literal_around(std::string_view text, std::size_t at) {
  Literal literal{text.rfind('"', at), text.find('"', at)};
  while (literal.open != std::string_view::npos && is_escaped(text, literal.open)) {
    literal.open = text.rfind('"', literal.open - 1);
  }
  while (literal.close != std::string_view::npos && is_escaped(text, literal.close)) {
    literal.close = text.find('"', literal.close + 1);
  }
  return literal;
}

constexpr const char* kSecretHint = "remove it, revoke it, and keep it in the settings of a connector or the project";

std::string secret_message(const Secret& secret, std::string_view text) {
  return "this value contains " + std::string(secret.what) + " (" + mask(text) + ")";
}

/// Reports the secrets of one document, at most one of each kind per string.
class SecretSearch {
 public:
  SecretSearch(const json::Document& document, Findings& findings) : document_(document), findings_(findings) {}

  void run() {
    const std::string_view text = document_.text();
    Literal literal;
    for (const Secret& secret : find_secrets(text)) {
      if (secret.begin >= literal.close) literal = literal_around(text, secret.begin);
      if (literal.open == std::string_view::npos) continue;
      report(secret, text.substr(secret.begin, secret.length), literal.open);
    }
    // Letters written as \u escapes are not found in the source text.
    if (has_escapes(text)) search_escaped(document_.root());
  }

 private:
  void report(const Secret& secret, std::string_view text, std::size_t offset) {
    if (!reported_.emplace(offset, secret.rule).second) return;
    const std::string digest = sha256_hex(text);
    findings_.add_for(digest, secret.rule, document_, offset, secret_message(secret, text), kSecretHint).cause = digest;
  }

  void search_escaped(json::Value value) {
    if (!has_escapes(value.text())) return;
    for (const json::Value item : value.items()) search_escaped(item);
    for (const json::Member& member : value.members()) search_escaped(member.value);
    if (!value.is(json::Type::string)) return;
    const std::string decoded = value.string();
    const auto offset = static_cast<std::size_t>(value.text().data() - document_.text().data());
    for (const Secret& secret : find_secrets(decoded)) {
      report(secret, std::string_view(decoded).substr(secret.begin, secret.length), offset);
    }
  }

  const json::Document& document_;
  Findings& findings_;
  std::set<std::pair<std::size_t, std::string_view>> reported_;
};

bool is_loopback(std::string_view host) {
  if (host == "localhost" || host.ends_with(".localhost") || host == "::1") return true;
  return host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string_view::npos;
}

/// The host of the URL whose authority begins at `begin`.
std::string host_at(std::string_view text, std::size_t begin) {
  std::string_view authority = text.substr(begin, text.find_first_of("/?#\\\"' \t\r\n<>", begin) - begin);
  const std::size_t user = authority.rfind('@');
  if (user != std::string_view::npos) authority.remove_prefix(user + 1);
  if (authority.starts_with('[')) return lower_case(authority.substr(1, authority.find(']') - 1));
  return lower_case(authority.substr(0, authority.find(':')));
}

/// Whether the text before a URL makes it the name of an XML namespace, which is never requested.
bool is_namespace(std::string_view before) {
  const std::size_t end = before.find_last_not_of("\"'\\ ");
  if (end == std::string_view::npos || before[end] != '=') return false;
  const std::size_t name = before.find_last_of(" \t\r\n<", end);
  return before.substr(name == std::string_view::npos ? 0 : name + 1).starts_with("xmlns");
}

/// The host of the first `http://` URL that is not loopback; empty if there is none.
std::string insecure_host(std::string_view text) {
  constexpr std::string_view kScheme = "http://";
  const std::string folded = lower_case(text);
  for (std::size_t at = folded.find(kScheme); at != std::string::npos; at = folded.find(kScheme, at + 1)) {
    std::string host = host_at(folded, at + kScheme.size());
    // Templates are resolved at run time.
    if (host.empty() || host.find("{{") != std::string::npos || is_loopback(host)) continue;
    constexpr std::size_t kLongestAttribute = 64;
    const std::size_t from = at - std::min(at, kLongestAttribute);
    if (!is_namespace(std::string_view(folded).substr(from, at - from))) return host;
  }
  return {};
}

void search_urls(json::Value value, const Task& task, std::string_view name, Findings& findings) {
  if (value.text().find('/') == std::string_view::npos) return;
  for (const json::Value item : value.items()) search_urls(item, task, name, findings);
  for (const json::Member& member : value.members()) search_urls(member.value, task, name, findings);
  if (!value.is(json::Type::string)) return;
  const std::string host = insecure_host(value.string());
  if (host.empty()) return;
  const std::string named = name_in_ticks(task.name, task.key);
  Finding& finding = findings.add_for(
      host, "insecure-url", value,
      "the argument " + in_ticks(name) + " of task " + named + " has an `http://` URL with host " + in_ticks(host),
      "use `https://`", named);
  finding.cause = host;
}

bool is_url_name(std::string_view name) {
  const std::string folded = lower_case(name);
  return folded.find("redirect") != std::string::npos || folded.ends_with("url") || folded.ends_with("uri");
}

void check_urls(const Task& task, Findings& findings) {
  if (!task.arguments) return;
  const std::string_view text = task.arguments.text();
  if (text.find("//") == std::string_view::npos && text.find("\\/") == std::string_view::npos) return;
  const bool is_connector = task.action.find("connector") != std::string_view::npos ||
                            task.arguments.find("connectorId").find("value").is(json::Type::string);
  for (const json::Member& argument : task.arguments.members()) {
    const std::string name = argument.name();
    if (is_connector || is_url_name(name)) search_urls(argument.value, task, name, findings);
  }
}

}  // namespace

void search_secrets(const json::Document& document, Findings& findings) { SecretSearch(document, findings).run(); }

std::vector<Finding> secrets_of_text(std::string_view text, const std::string& path) {
  std::vector<Finding> findings;
  std::size_t counted = 0;
  int line = 1;
  for (const Secret& secret : find_secrets(text)) {
    line += static_cast<int>(std::count(text.begin() + static_cast<std::ptrdiff_t>(counted),
                                        text.begin() + static_cast<std::ptrdiff_t>(secret.begin), '\n'));
    counted = secret.begin;
    Finding finding;
    finding.rule = secret.rule;
    finding.message = secret_message(secret, text.substr(secret.begin, secret.length));
    finding.hint = kSecretHint;
    finding.path = path;
    finding.line = line;
    findings.push_back(std::move(finding));
  }
  return findings;
}

void check_safety(const RuleContext& context, Findings& findings) {
  const bool is_console = context.flow.source.layout == flow::Layout::console;
  for (const json::DocumentPtr& document : context.flow.documents) {
    search_secrets(*document, findings);
    if (is_console) break;  // the others were assembled from the first
  }
  for (const Task& task : context.tasks.all()) check_urls(task, findings);
}

}  // namespace flowship::check
