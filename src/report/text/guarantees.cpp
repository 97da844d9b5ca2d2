// What a change does to what every path of a flow to a session passes.

#include "check/rules/secrets.hpp"
#include "deploy/guarantees/guarantee_changes.hpp"
#include "report/text/text.hpp"

#include <set>

namespace flowship::report {

namespace {

std::string guarantee_line(std::string_view sign, Colour colour, const std::string& text, const Style& style) {
  return "  " + painted(std::string(sign), colour, style) + " " + printable(check::with_secrets_masked(text)) + "\n";
}

std::string lost_line(const deploy::GuaranteeLoss& loss, const Style& style) {
  return guarantee_line("!", Colour::red, "`" + loss.flow_id + "`: " + loss.sentence(), style);
}

std::string gained_words(const deploy::GuaranteeChange& change) {
  if (change.kind == deploy::GuaranteeChange::Kind::assurance) {
    return "every path to a session has " + pluralize(*change.to, "factor") + " instead of " +
           std::to_string(*change.from);
  }
  return "every path to a session passes " + change.key;
}

}  // namespace

std::string guarantee_lines(const std::vector<deploy::GuaranteeChange>& changes, const Style& style) {
  std::string text;
  std::size_t others = 0;
  std::set<std::string> flows;
  for (deploy::GuaranteeLoss& loss : deploy::losses_of(changes)) {
    if (!style.verbose) {
      others += loss.others.size();
      if (!loss.others.empty()) flows.insert("`" + loss.flow_id + "`");
      loss.others.clear();
    }
    if (!loss.factors.empty() || !loss.others.empty()) text += lost_line(loss, style);
  }
  if (others > 0) {
    std::string list;
    for (const std::string& flow : flows) list += (list.empty() ? "" : ", ") + flow;
    text += guarantee_line("!", Colour::red,
                           pluralize(others, "other guarantee") + (others == 1 ? " is" : " are") + " lost in " + list +
                               " (--verbose lists them)",
                           style);
  }
  return text + gained_lines(changes, style);
}

std::string gained_lines(const std::vector<deploy::GuaranteeChange>& changes, const Style& style) {
  std::string text;
  if (!style.verbose) return text;
  for (const deploy::GuaranteeChange& change : changes) {
    if (change.is_loss()) continue;
    text += guarantee_line("+", Colour::green, "`" + change.flow_id + "`: " + gained_words(change), style);
  }
  return text;
}

}  // namespace flowship::report
