#include "report/text/sentence.hpp"

#include "base/text/printable.hpp"
#include "base/text/utf8.hpp"
#include "check/rules/secrets.hpp"
#include "report/text/characters.hpp"
#include "report/text/text.hpp"

#include <algorithm>

namespace flowship::report {

namespace {

using flow::Fragment;

/// How many characters that both sides share are kept before the difference.
constexpr int kContext = 12;

/// The offset in bytes of the first character that differs.
std::size_t first_difference(std::string_view a, std::string_view b) {
  std::size_t at = 0;
  while (at < a.size() && at < b.size()) {
    const std::string_view character = first_character(a.substr(at)).bytes;
    if (first_character(b.substr(at)).bytes != character) break;
    at += character.size();
  }
  return at;
}

/// The offset at most `kContext` characters before `at`.
std::size_t context_before(std::string_view text, std::size_t at) {
  for (int left = kContext; at > 0 && left > 0; --left) {
    --at;
    while (at > 0 && continues_character(text[at])) --at;
  }
  return at;
}

flow::Fragments shown_parts(const flow::Fragments& parts, int width) {
  flow::Fragments shown = parts;
  const std::string* before = nullptr;
  const std::string* after = nullptr;
  for (Fragment& fragment : shown) {
    if (fragment.role == Fragment::Role::words) continue;
    fragment.text = printable(check::with_message_masked(fragment.text));
    if (fragment.side == Fragment::Side::before) before = &fragment.text;
    if (fragment.side == Fragment::Side::after) after = &fragment.text;
  }
  std::size_t begin = 0;
  if (before != nullptr && after != nullptr && std::max(display_width(*before), display_width(*after)) > width) {
    const std::size_t at = first_difference(*before, *after);
    // Starts at the beginning if the difference still fits.
    if (display_width(std::string_view(*before).substr(0, at)) > width / 2) begin = context_before(*before, at);
  }
  for (Fragment& fragment : shown) {
    if (fragment.role == Fragment::Role::words) continue;
    fragment.text = fragment.side == Fragment::Side::neither || begin == 0
                        ? cut_to(fragment.text, width)
                        : "…" + cut_to(fragment.text.substr(begin), width - 1);
  }
  return shown;
}

}  // namespace

std::string sentence(const flow::Statement& statement, int width, const SentenceForm& form) {
  std::string text;
  const auto around_of = [&](Fragment::Role role) {
    if (role == Fragment::Role::name) return form.name;
    if (role == Fragment::Role::value) return form.value;
    return role == Fragment::Role::text ? form.text : SentenceForm::Around{};
  };
  for (const Fragment& fragment : shown_parts(statement.fragments, width)) {
    const SentenceForm::Around around = around_of(fragment.role);
    if (fragment.role == Fragment::Role::words) {
      text += form.own(fragment.text);
    } else {
      text.append(around.before).append(form.foreign(fragment.text)).append(around.after);
    }
  }
  return text;
}

std::string sentence_text(const flow::Statement& statement, int width) {
  const auto as_it_is = [](std::string_view text) { return std::string(text); };
  return sentence(statement, width,
                  {.own = as_it_is, .foreign = as_it_is, .name = {"`", "`"}, .value = {}, .text = {"\"", "\""}});
}

std::string_view sign_of(flow::ChangeKind kind) {
  if (kind == flow::ChangeKind::added) return "+";
  return kind == flow::ChangeKind::removed ? "-" : "~";
}

std::string description_summary(const deploy::Change& change, const flow::Description& description) {
  if (!description.empty()) return pluralize(description.size(), "difference");
  if (change.action == deploy::Action::update) return {};
  return change.action == deploy::Action::create ? "new" : "gone";
}

}  // namespace flowship::report
