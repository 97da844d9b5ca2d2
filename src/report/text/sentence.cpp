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

/// How much of what two sides have in common is left standing before what differs.
constexpr int kContext = 12;

/// Where two texts begin to differ, in bytes; between two characters.
std::size_t first_difference(std::string_view a, std::string_view b) {
  std::size_t at = 0;
  while (at < a.size() && at < b.size()) {
    const std::string_view character = first_character(a.substr(at)).bytes;
    if (first_character(b.substr(at)).bytes != character) break;
    at += character.size();
  }
  return at;
}

/// `text` from a place on which is at most `kContext` characters before `at`.
std::size_t context_before(std::string_view text, std::size_t at) {
  for (int left = kContext; at > 0 && left > 0; --left) {
    --at;
    while (at > 0 && continues_character(text[at])) --at;
  }
  return at;
}

std::string cut(std::string_view text, std::size_t begin, int cells) {
  std::string result = begin == 0 ? "" : "…";
  const std::string_view rest = text.substr(begin);
  const std::string_view fits = fitting(rest, cells - display_width(result));
  if (fits.size() == rest.size()) return result.append(rest);
  return result.append(fitting(fits, display_width(fits) - 1)).append("…");
}

flow::Fragments shown_fragments(const flow::Fragments& fragments, int cells) {
  flow::Fragments shown = fragments;
  const std::string* before = nullptr;
  const std::string* after = nullptr;
  for (Fragment& fragment : shown) {
    if (fragment.role == Fragment::Role::words) continue;
    fragment.text = printable(check::with_secrets_masked(fragment.text));
    if (fragment.side == Fragment::Side::before) before = &fragment.text;
    if (fragment.side == Fragment::Side::after) after = &fragment.text;
  }
  std::size_t begin = 0;
  if (before != nullptr && after != nullptr && std::max(display_width(*before), display_width(*after)) > cells) {
    const std::size_t at = first_difference(*before, *after);
    // What still fits from the beginning is shown from there.
    if (display_width(std::string_view(*before).substr(0, at)) > cells / 2) begin = context_before(*before, at);
  }
  for (Fragment& fragment : shown) {
    if (fragment.role == Fragment::Role::words) continue;
    fragment.text = cut(fragment.text, fragment.side == Fragment::Side::neither ? 0 : begin, cells);
  }
  return shown;
}

}  // namespace

std::string sentence(const flow::Statement& statement, int cells, const SentenceForm& form) {
  std::string text;
  const auto add = [&](const SentenceForm::Around& around, const std::string& fragment) {
    text.append(around.before).append(form.foreign(fragment)).append(around.after);
  };
  for (const Fragment& fragment : shown_fragments(statement.fragments, cells)) {
    switch (fragment.role) {
      case Fragment::Role::words:
        text += form.own(fragment.text);
        break;
      case Fragment::Role::id:
        add({}, fragment.text);
        break;
      case Fragment::Role::name:
        add(form.name, fragment.text);
        break;
      case Fragment::Role::value:
        add(form.value, fragment.text);
        break;
      case Fragment::Role::text:
        add(form.text, fragment.text);
        break;
    }
  }
  return text;
}

std::string sentence_text(const flow::Statement& statement, int cells) {
  const auto as_it_is = [](std::string_view text) { return std::string(text); };
  return sentence(statement, cells,
                  {.own = as_it_is, .foreign = as_it_is, .name = {"`", "`"}, .value = {}, .text = {"\"", "\""}});
}

std::string_view sign_of(flow::ChangeKind kind) {
  switch (kind) {
    case flow::ChangeKind::added:
      return "+";
    case flow::ChangeKind::removed:
      return "-";
    case flow::ChangeKind::changed:
    case flow::ChangeKind::moved:
      return "~";
  }
  return "~";
}

std::string description_summary(const deploy::Change& change, const flow::Description& description) {
  if (!description.empty()) return pluralize(description.size(), "difference");
  switch (change.action) {
    case deploy::Action::create:
      return "new";
    case deploy::Action::remove:
      return "gone";
    case deploy::Action::update:
      return "";
  }
  return "";
}

}  // namespace flowship::report
