#include "base/text/percent.hpp"
#include "check/engine/check.hpp"
#include "json/assembly.hpp"
#include "report/wording.hpp"
#include "report/writers.hpp"

#include <map>

namespace flowship::report {

namespace {

/// Code scanning requires a help text for every rule.
constexpr std::string_view kHelp =
    "`flowship help rules` lists all rules. In flowship.json, `rules` sets a rule's severity and `ignore` suppresses "
    "single findings, each with a reason.";

using json::array;
using json::NamedText;
using json::object;
using json::Text;

std::string_view level_of(check::Severity severity) {
  return severity == check::Severity::off ? "none" : check::to_text(severity);
}

Text message_text(std::string_view text) { return object({{"text", text}}); }

std::string as_sentence(std::string_view summary) {
  std::string text(summary);
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text + ".";
}

/// A relative URI: the path's own bytes, all but unreserved characters and `/` percent-encoded.
std::string uri_of(const std::string& path) { return percent_encoded(path, "-._~/"); }

Text physical_text(const std::string& path, int line, int column) {
  const Text artifact = object({{"uri", uri_of(path)}, {"uriBaseId", "SRCROOT"}});
  return object({{"artifactLocation", artifact}, {"region", object({{"startLine", line}, {"startColumn", column}})}});
}

Text location_text(const check::Finding& finding) {
  return object({{"physicalLocation", physical_text(finding.path, finding.line, finding.column)}});
}

/// The further places of a finding.
std::vector<Text> related_texts(const check::Finding& finding) {
  std::vector<Text> places;
  for (const check::Place& place : finding.places) {
    std::vector<NamedText> members = {{"id", places.size() + 1},
                                      {"physicalLocation", physical_text(finding.path, place.line, place.column)}};
    if (!place.task.empty()) members.push_back({"message", message_text(place.task)});
    places.push_back(object(members));
  }
  return places;
}

Text rule_text(const check::RuleFacts& facts) {
  return object({
      {"id", facts.id},
      {"shortDescription", message_text(as_sentence(facts.summary))},
      {"fullDescription", message_text(as_sentence(facts.summary))},
      {"help", message_text(kHelp)},
      {"defaultConfiguration", object({{"level", level_of(facts.severity)}})},
      {"properties", object({{"group", facts.group}})},
  });
}

/// The table of rules, and each rule's place in it.
struct Rules {
  std::vector<Text> table;
  std::map<std::string, std::size_t, std::less<>> index;
};

Rules rules_of(const std::vector<check::Finding>& findings) {
  Rules rules;
  for (const check::RuleFacts& facts : check::rules()) {
    bool used = false;
    for (const check::Finding& finding : findings) used = used || finding.rule == facts.id;
    if (!used) continue;
    rules.index.emplace(facts.id, rules.table.size());
    rules.table.push_back(rule_text(facts));
  }
  return rules;
}

Text result_sarif(const check::Finding& finding, const Rules& rules, Fingerprints& fingerprints) {
  std::vector<NamedText> members = {{"ruleId", finding.rule}};
  if (const auto found = rules.index.find(finding.rule); found != rules.index.end()) {
    members.push_back({"ruleIndex", found->second});
  }
  members.push_back({"level", level_of(finding.severity)});
  members.push_back({"message", message_text(with_hint(finding.message, finding.hint))});
  members.push_back({"locations", array({location_text(finding)})});
  if (!finding.places.empty()) members.push_back({"relatedLocations", array(related_texts(finding))});
  members.push_back({"partialFingerprints", object({{"flowship/v1", fingerprints.of(finding)}})});
  return object(members);
}

std::string log_text(const Text& rules, const Text& results, const Text& invocation) {
  const Text driver = object({{"name", "flowship"}, {"semanticVersion", FLOWSHIP_VERSION}, {"rules", rules}});
  const Text root_of_paths = object({{"description", message_text("The root of the repository.")}});
  const Text run = object({
      {"tool", object({{"driver", driver}})},
      {"invocations", array({invocation})},
      {"originalUriBaseIds", object({{"SRCROOT", root_of_paths}})},
      {"columnKind", "unicodeCodePoints"},
      {"results", results},
  });
  return json::document_text(object({
      {"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
      {"version", "2.1.0"},
      {"runs", array({run})},
  }));
}

std::string validation_sarif(const Validation& validation, const Style&) {
  const Rules rules = rules_of(validation.findings);
  Fingerprints fingerprints;
  const Text results = array(validation.findings,
                             [&](const check::Finding& finding) { return result_sarif(finding, rules, fingerprints); });
  return log_text(array(rules.table), results, object({{"executionSuccessful", true}}));
}

std::string error_sarif(const Error& error) {
  const Text notification =
      object({{"level", "error"}, {"message", message_text(with_hint(error.message(), error.hint()))}});
  return log_text(array({}), array({}),
                  object({{"executionSuccessful", false}, {"toolExecutionNotifications", array({notification})}}));
}

}  // namespace

Format sarif_format() {
  return {.name = "sarif",
          .summary = "SARIF 2.1.0 of the findings, for code scanning",
          .validation = validation_sarif,
          .error = error_sarif};
}

}  // namespace flowship::report
