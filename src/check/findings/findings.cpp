#include "check/findings/findings.hpp"

#include "base/text/printable.hpp"
#include "base/text/utf8.hpp"
#include "check/rules/secrets.hpp"

#include <Poco/String.h>

#include <utility>

namespace flowship::check {

namespace {

constexpr std::size_t kLongestQuoted = 80;
constexpr std::size_t kLongestMasked = 4096;

/// On one line, truncated, and masked if it contains a secret. Long names are masked in part only: a flow may have many
/// findings about one.
std::string quotable(std::string_view text) {
  return printable(truncated(with_message_masked(beginning(text, kLongestMasked)), kLongestQuoted));
}

std::size_t offset_of(json::Value at) {
  return static_cast<std::size_t>(at.text().data() - at.document().text().data());
}

}  // namespace

Finding& Findings::add(std::string_view rule, json::Value at, std::string message, std::string hint) {
  return add(rule, at.document(), offset_of(at), std::move(message), std::move(hint));
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

Finding& Findings::add_for(const std::string& cause, std::string_view rule, json::Value at, std::string message,
                           std::string hint, std::string task) {
  return add_for(cause, rule, at.document(), offset_of(at), std::move(message), std::move(hint), std::move(task));
}

Finding& Findings::add_for(const std::string& cause, std::string_view rule, const json::Document& document,
                           std::size_t offset, std::string message, std::string hint, std::string task) {
  if (grouping_ == Grouping::by_place) return add(rule, document, offset, std::move(message), std::move(hint));
  const auto [known, is_new] = by_cause_.try_emplace({std::string(rule), document.name(), cause}, findings_.size());
  if (is_new) return add(rule, document, offset, std::move(message), std::move(hint));
  const json::Position position = document.position(offset);
  Finding& finding = findings_[known->second];
  finding.places.push_back({position.line, position.column, std::move(task)});
  return finding;
}

std::string in_ticks(std::string_view text) { return "`" + quotable(text) + "`"; }

std::string name_in_ticks(std::string_view name, std::string_view id) {
  const std::string trimmed = Poco::trim(std::string(name));
  return trimmed.empty() ? in_ticks(id) : in_ticks(trimmed) + " (" + quotable(id) + ")";
}

}  // namespace flowship::check
