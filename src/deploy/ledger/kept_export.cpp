#include "deploy/ledger/kept_export.hpp"

#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/hmac.hpp"
#include "base/random.hpp"
#include "base/text/printable.hpp"
#include "check/rules/secrets.hpp"
#include "flow/describe/secret_members.hpp"
#include "flow/layouts/reading.hpp"
#include "flow/model/payload.hpp"
#include "json/document.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>

namespace flowship::deploy {

namespace {

using flow::Literal;

constexpr std::size_t kSaltBytes = 32;
constexpr std::size_t kHexDigits = 64;

/// The strings and numbers that are values in a JSON text, in its order.
std::vector<Literal> value_literals(std::string_view text) {
  constexpr std::string_view kNumber = "+-.0123456789eE";
  std::vector<Literal> literals;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at + 1;
    if (text[at] == '"') {
      while (end < text.size() && text[end] != '"') end += text[end] == '\\' ? 2 : 1;
      end = std::min(end + 1, text.size());
      const std::size_t next = text.find_first_not_of(" \t\r\n", end);
      const bool is_name = next != std::string_view::npos && text[next] == ':';
      if (!is_name) literals.push_back({at, end - at});
    } else if (text[at] == '-' || (text[at] >= '0' && text[at] <= '9')) {
      end = std::min(text.find_first_not_of(kNumber, at), text.size());
      literals.push_back({at, end - at});
    }
    at = end;
  }
  return literals;
}

/// Where secrets are, sorted. They may overlap.
std::vector<Literal> secret_places(std::string_view text) {
  std::vector<Literal> places = flow::secret_literals(text);
  for (const check::Secret& secret : check::find_hidden(text)) places.push_back({secret.begin, secret.length});
  std::sort(places.begin(), places.end(), [](const Literal& a, const Literal& b) { return a.begin < b.begin; });
  return places;
}

/// Escapes don't count: the service may write them in another way the next time.
std::string digest_of(std::string_view literal, std::string_view salt) {
  std::string value(literal);
  if (literal.starts_with('"') && literal.find('\\') != std::string_view::npos) {
    if (const json::ReadResult read = json::Document::read(value); read.document) {
      value = '"' + read.document->root().string() + '"';
    }
  }
  return '"' + std::string(kDigestMark) + hex(hmac_sha256(salt, value)) + '"';
}

bool is_digest(std::string_view literal) {
  return literal.size() == kDigestMark.size() + kHexDigits + 2 && literal.substr(1).starts_with(kDigestMark);
}

/// The text with each value literal for which `replace` has another one replaced.
std::string with_literals_replaced(std::string_view text, const std::vector<Literal>& literals,
                                   const std::function<std::optional<std::string>(const Literal&)>& replace) {
  std::string result;
  std::size_t done = 0;
  for (const Literal& literal : literals) {
    const std::optional<std::string> other = replace(literal);
    if (!other) continue;
    result.append(text.substr(done, literal.begin - done)).append(*other);
    done = literal.begin + literal.length;
  }
  return result.append(text.substr(done));
}

/// The literals of `texts`, by their digests.
std::map<std::string, std::string, std::less<>> literals_by_digest(const std::vector<std::string>& texts,
                                                                   std::string_view salt) {
  std::map<std::string, std::string, std::less<>> found;
  for (const std::string& text : texts) {
    for (const Literal& literal : value_literals(text)) {
      const std::string value = text.substr(literal.begin, literal.length);
      found.emplace(digest_of(value, salt), value);
    }
  }
  return found;
}

}  // namespace

bool KeptExport::has_digests() const { return deploy::has_digests(text_); }

flow::Flow KeptExport::flow(const std::vector<std::string>& texts) const {
  std::string text = text_;
  if (!texts.empty() && has_digests()) {
    const auto known = literals_by_digest(texts, salt_);
    text = with_literals_replaced(text_, value_literals(text_), [&](const Literal& literal) {
      const auto value = known.find(std::string_view(text_).substr(literal.begin, literal.length));
      return value == known.end() ? std::nullopt : std::optional(value->second);
    });
  }
  const json::DocumentPtr document = json::Document::parse(std::move(text), name_);
  return flow::flow_of_export(document, document->root());
}

void add_digest_salt(Record& record) {
  if (record.digest_salt.empty()) record.digest_salt = hex(random_bytes(kSaltBytes));
}

git::ObjectId write_kept(const git::Repository& repository, std::string_view text, const Record& record) {
  if (record.digest_salt.empty()) throw Error("an export can't be kept by a record without a salt");
  return repository.write_blob(with_secrets_digested(text, record.digest_salt));
}

std::string with_secrets_digested(std::string_view text, std::string_view salt) {
  const std::vector<Literal> places = secret_places(text);
  auto place = places.begin();
  std::size_t reached = 0;
  return with_literals_replaced(text, value_literals(text), [&](const Literal& literal) -> std::optional<std::string> {
    const std::size_t end = literal.begin + literal.length;
    for (; place != places.end() && place->begin < end; ++place) {
      reached = std::max(reached, place->begin + place->length);
    }
    const std::string_view value = text.substr(literal.begin, literal.length);
    if (reached <= literal.begin || is_digest(value)) return std::nullopt;
    return digest_of(value, salt);
  });
}

bool has_digests(std::string_view text) { return text.find(kDigestMark) != std::string_view::npos; }

std::string with_digests_masked(std::string_view text) {
  std::string masked(text);
  for (std::size_t at = masked.find(kDigestMark); at != std::string::npos; at = masked.find(kDigestMark, at)) {
    masked.replace(at, kDigestMark.size() + kHexDigits, flow::kMasked);
  }
  return masked;
}

void refuse_digests(const flow::Flow& flow, const std::string& doing) {
  if (!has_digests(flow::export_text(flow))) return;
  throw Error("`" + printable(flow.id) + "` is not " + doing + ": it has a digest from the ledger in place of a secret",
              "put the secret itself, or better a reference to a connector, in its place");
}

}  // namespace flowship::deploy
