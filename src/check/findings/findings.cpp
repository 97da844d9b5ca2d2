#include "check/findings/findings.hpp"

#include "base/text/printable.hpp"
#include "base/text/utf8.hpp"
#include "check/rules/secrets.hpp"

#include <algorithm>
#include <functional>

namespace flowship::check {

namespace {

constexpr std::size_t kLongestQuoted = 80;

/// Moves `position` from one offset of `text` to a later one; columns count characters.
void advance(json::Position& position, std::string_view text) {
  for (const char byte : text) {
    if (byte == '\n') {
      ++position.line;
      position.column = 1;
    } else if (!continues_character(byte)) {
      ++position.column;
    }
  }
}

}  // namespace

void Findings::add(std::string_view rule, json::Value at, std::string message, std::string hint) {
  const json::Document& document = at.document();
  const auto offset = static_cast<std::size_t>(at.text().data() - document.text().data());
  add(rule, document, offset, std::move(message), std::move(hint));
}

void Findings::add(std::string_view rule, const json::Document& document, std::size_t offset, std::string message,
                   std::string hint) {
  Finding finding;
  finding.rule = rule;
  finding.message = std::move(message);
  finding.hint = std::move(hint);
  finding.path = document.name().empty() ? flow_.source.path : document.name();
  finding.flow_id = flow_.id;
  pending_.push_back({std::move(finding), &document, offset});
}

std::vector<Finding> Findings::take() {
  std::sort(pending_.begin(), pending_.end(), [](const Pending& a, const Pending& b) {
    if (a.document != b.document) return std::less<>()(a.document, b.document);
    return a.offset < b.offset;
  });
  std::vector<Finding> findings;
  findings.reserve(pending_.size());
  const json::Document* document = nullptr;
  json::Position position;
  std::size_t offset = 0;
  for (Pending& pending : pending_) {
    if (pending.document != document) {
      document = pending.document;
      position = {};
      offset = 0;
    }
    advance(position, document->text().substr(offset, pending.offset - offset));
    offset = pending.offset;
    pending.finding.line = position.line;
    pending.finding.column = position.column;
    findings.push_back(std::move(pending.finding));
  }
  pending_.clear();
  return findings;
}

std::string in_ticks(std::string_view text) {
  return "`" + printable(truncated(with_secrets_masked(text), kLongestQuoted)) + "`";
}

}  // namespace flowship::check
