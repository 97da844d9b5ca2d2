#include "check/findings/findings.hpp"

#include "base/text/printable.hpp"
#include "base/text/utf8.hpp"
#include "check/rules/secrets.hpp"

#include <utility>

namespace flowship::check {

namespace {

constexpr std::size_t kLongestQuoted = 80;
constexpr std::size_t kLongestMasked = 4096;

}  // namespace

Finding& Findings::add(std::string_view rule, json::Value at, std::string message, std::string hint) {
  const json::Document& document = at.document();
  const auto offset = static_cast<std::size_t>(at.text().data() - document.text().data());
  return add(rule, document, offset, std::move(message), std::move(hint));
}

Finding& Findings::add(std::string_view rule, const json::Document& document, std::size_t offset, std::string message,
                       std::string hint) {
  Finding finding;
  finding.rule = rule;
  finding.message = std::move(message);
  finding.hint = std::move(hint);
  finding.path = document.name().empty() ? flow_.source.path : document.name();
  finding.flow_id = flow_.id;
  const json::Position position = document.position(offset);
  finding.line = position.line;
  finding.column = position.column;
  return findings_.emplace_back(std::move(finding));
}

std::string in_ticks(std::string_view text) {
  // Long names are masked in part only: a flow may have many findings about one.
  return "`" + printable(truncated(with_secrets_masked(beginning(text, kLongestMasked)), kLongestQuoted)) + "`";
}

}  // namespace flowship::check
