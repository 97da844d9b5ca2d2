// What rules find, why, and what to do about it.

#include "check/rules/explanation.hpp"
#include "json/assembly.hpp"
#include "report/text/text.hpp"
#include "report/writers.hpp"

#include <cctype>

namespace flowship::report {

namespace {

/// An entry of flowship.json that ignores a finding of the rule.
std::string ignore_entry(const check::RuleFacts& rule) {
  const std::string start = R"("ignore": [{"rule": ")" + std::string(rule.id) + R"(", )";
  if (rule.id == check::kGuaranteeRule) return start + R"("flowId": "FLOW", "key": "KEY", "reason": "WHY"}])";
  if (rule.id == check::kPolicyRule) return start + R"("policy": "NAME", "flowId": "FLOW", "reason": "WHY"}])";
  return start + R"("path": "PATH", "reason": "WHY"}])";
}

/// A member of flowship.json that switches the rule off.
std::string off_entry(const check::RuleFacts& rule) {
  if (rule.id == check::kGuaranteeRule) return R"("guarantees": "off")";
  return R"("rules": {")" + std::string(rule.id) + R"(": "off"})";
}

std::string whole_sentence(std::string_view summary) {
  std::string text(summary);
  text.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(text.front())));
  return text + ".";
}

json::Text explained_rule(const check::RuleFacts& rule) {
  const check::Explanation& explanation = check::explanation_of(rule.id);
  return json::object({
      {"rule", rule.id},
      {"group", rule.group},
      {"severity", check::to_text(rule.severity)},
      {"what", rule.summary},
      {"why", explanation.why},
      {"example", explanation.example},
      {"fix", explanation.fix},
      {"ignore", ignore_entry(rule)},
      {"off", off_entry(rule)},
  });
}

}  // namespace

std::string explained_json(const Explained& explained, const Style&) {
  return json::document_text(
      json::object({{"schemaVersion", 1}, {"ok", true}, {"rules", json::array(explained.rules, explained_rule)}}));
}

std::string explained_text(const Explained& explained, const Style& style) {
  std::string text;
  for (const check::RuleFacts& rule : explained.rules) {
    const check::Explanation& explanation = check::explanation_of(rule.id);
    if (!text.empty()) text += "\n";
    text += painted(rule.id, Colour::bold, style) + " (" + std::string(check::to_text(rule.severity)) + ")\n";
    text += "  what:    " + whole_sentence(rule.summary) + "\n";
    text += "  why:     " + std::string(explanation.why) + "\n";
    text += "  example: " + std::string(explanation.example) + "\n";
    text += "  fix:     " + std::string(explanation.fix) + "\n";
    text += "  ignore:  in flowship.json, " + ignore_entry(rule) + "\n";
    text += "           or everywhere, " + off_entry(rule) + "\n";
  }
  return text;
}

std::string explained_markdown(const Explained& explained, const Style&) {
  std::string text =
      "# Rules\n\n"
      "What `validate` looks for, and `guarantee`, which `plan` and `diff` look for. `flowship explain RULE` prints "
      "one of\n"
      "these, and `flowship explain --format markdown` this page.\n";
  std::string_view group;
  for (const check::RuleFacts& rule : explained.rules) {
    const check::Explanation& explanation = check::explanation_of(rule.id);
    if (rule.group != group) text += "\n## " + whole_sentence(rule.group).substr(0, rule.group.size()) + "\n";
    group = rule.group;
    text += "\n### " + std::string(rule.id) + "\n\n";
    text += whole_sentence(rule.summary) + " (" + std::string(check::to_text(rule.severity)) + ")\n\n";
    text += "- Why: " + std::string(explanation.why) + "\n";
    text += "- Example:\n\n  ```text\n  " + std::string(explanation.example) + "\n  ```\n\n";
    text += "- Fix: " + std::string(explanation.fix) + "\n";
    text += "- Ignore, in flowship.json: `" + ignore_entry(rule) + "`, or everywhere: `" + off_entry(rule) + "`\n";
  }
  return text;
}

}  // namespace flowship::report
