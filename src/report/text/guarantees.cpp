// What a change does to what every path of a flow to a session passes.

#include "check/rules/secrets.hpp"
#include "deploy/guarantees/guarantee_changes.hpp"
#include "report/text/text.hpp"

#include <optional>
#include <set>

namespace flowship::report {

namespace {

std::string guarantee_line(std::string_view sign, Colour colour, const std::string& text, const Style& style) {
  return "  " + painted(std::string(sign), colour, style) + " " + printable(text) + "\n";
}

/// Losses or gains of other keys than factors, which are only counted unless the user asks for more.
class Others {
 public:
  template <typename Change>
  void take_from(Change& change) {
    count_ += change.others.size();
    if (!change.others.empty()) flows_.insert("`" + change.flow_id + "`");
    change.others.clear();
  }

  /// Empty if there are none.
  std::string sentence(std::string_view what) const {
    if (count_ == 0) return {};
    std::string list;
    for (const std::string& flow : flows_) list += (list.empty() ? "" : ", ") + flow;
    return pluralize(count_, "other guarantee") + (count_ == 1 ? " is " : " are ") + std::string(what) + " in " + list +
           " (--verbose lists them)";
  }

 private:
  std::size_t count_ = 0;
  std::set<std::string> flows_;
};

/// A sentence for each flow and witness, and one for all other keys.
template <typename Change>
std::vector<std::string> sentences_of(std::vector<Change> changes, std::string_view what, const Style& style) {
  std::vector<std::string> sentences;
  Others others;
  for (Change& change : changes) {
    if (!style.verbose) others.take_from(change);
    if (change.factors.empty() && change.others.empty()) continue;
    sentences.push_back("`" + change.flow_id + "`: " + change.sentence());
  }
  if (std::string rest = others.sentence(what); !rest.empty()) sentences.push_back(std::move(rest));
  for (std::string& sentence : sentences) sentence = check::with_secrets_masked(sentence);
  return sentences;
}

}  // namespace

std::vector<check::Finding> shown_findings(std::vector<check::Finding> findings,
                                           const std::vector<deploy::GuaranteeChange>& changes, const Style& style) {
  std::vector<deploy::GuaranteeLoss> losses = deploy::losses_of(changes);
  if (style.verbose || losses.empty()) return findings;
  std::set<std::string> losing;
  for (const deploy::GuaranteeLoss& loss : losses) losing.insert(loss.flow_id);
  check::Severity severity = check::Severity::warning;
  std::erase_if(findings, [&](const check::Finding& finding) {
    if (finding.rule != check::kGuaranteeRule || !losing.contains(finding.flow_id)) return false;
    severity = finding.severity;
    return true;
  });
  Others others;
  std::optional<check::Finding> rest;
  for (deploy::GuaranteeLoss& loss : losses) {
    if (!loss.others.empty() && !rest) rest = deploy::loss_finding(loss, severity);
    others.take_from(loss);
    if (!loss.factors.empty()) findings.push_back(deploy::loss_finding(loss, severity));
  }
  if (rest) {
    rest->message = check::with_secrets_masked(others.sentence("lost"));
    rest->hint.clear();
    findings.push_back(std::move(*rest));
  }
  return findings;
}

std::vector<std::string> gain_sentences(const std::vector<deploy::GuaranteeChange>& changes, const Style& style) {
  return sentences_of(deploy::gains_of(changes), "gained", style);
}

std::string guarantee_lines(const std::vector<deploy::GuaranteeChange>& changes, const Style& style) {
  std::string text;
  for (const std::string& sentence : sentences_of(deploy::losses_of(changes), "lost", style)) {
    text += guarantee_line("!", Colour::red, sentence, style);
  }
  return text + gained_lines(changes, style);
}

std::string gained_lines(const std::vector<deploy::GuaranteeChange>& changes, const Style& style) {
  std::string text;
  if (style.quiet) return text;
  for (const std::string& sentence : gain_sentences(changes, style)) {
    text += guarantee_line("+", Colour::green, sentence, style);
  }
  return text;
}

}  // namespace flowship::report
