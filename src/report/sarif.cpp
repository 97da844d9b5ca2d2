#include "base/digest.hpp"
#include "check/check.hpp"
#include "report/assembly.hpp"
#include "report/writers.hpp"

#include <map>

namespace flowship::report {

namespace {

/// Code scanning wants every rule to have a help text.
constexpr std::string_view kHelp =
    "`flowship help rules` lists all rules. In flowship.json, `rules` sets a rule's severity, and `excuses` excuses "
    "one "
    "entry with a reason.";

std::string level_of(check::Severity severity) {
  switch (severity) {
    case check::Severity::error:
      return "error";
    case check::Severity::warning:
      return "warning";
    case check::Severity::note:
      return "note";
    case check::Severity::off:
      break;
  }
  return "none";
}

Object::Ptr message_object(const std::string& text) {
  Object::Ptr message = json_object();
  message->set("text", json_string(text));
  return message;
}

std::string sentence(std::string_view summary) {
  std::string text(summary);
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text + ".";
}

/// A relative URI: the path's own bytes, all but unreserved characters and `/` percent-encoded.
std::string uri_of(const std::string& path) {
  static constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/";
  std::string uri;
  for (const char byte : path) {
    if (kPlain.find(byte) != std::string_view::npos) {
      uri += byte;
    } else {
      uri += '%';
      for (const char digit : hex(std::string_view(&byte, 1))) {
        uri += digit >= 'a' ? static_cast<char>(digit - 'a' + 'A') : digit;
      }
    }
  }
  return uri;
}

Object::Ptr location_object(const check::Finding& finding) {
  Object::Ptr artifact = json_object();
  artifact->set("uri", uri_of(finding.path));
  artifact->set("uriBaseId", std::string("SRCROOT"));
  Object::Ptr region = json_object();
  region->set("startLine", finding.line);
  region->set("startColumn", finding.column);
  Object::Ptr physical = json_object();
  physical->set("artifactLocation", artifact);
  physical->set("region", region);
  Object::Ptr location = json_object();
  location->set("physicalLocation", physical);
  return location;
}

/// The table of rules, and each rule's place in it.
struct Rules {
  Array::Ptr array = json_array();
  std::map<std::string, int, std::less<>> index;
};

Rules rules_of(const std::vector<check::Finding>& findings) {
  Rules rules;
  for (const check::RuleFacts& facts : check::rules()) {
    bool used = false;
    for (const check::Finding& finding : findings) used = used || finding.rule == facts.id;
    if (!used) continue;
    Object::Ptr configuration = json_object();
    configuration->set("level", level_of(facts.severity));
    Object::Ptr properties = json_object();
    properties->set("group", std::string(facts.group));
    Object::Ptr rule = json_object();
    rule->set("id", std::string(facts.id));
    rule->set("shortDescription", message_object(sentence(facts.summary)));
    rule->set("fullDescription", message_object(sentence(facts.summary)));
    rule->set("help", message_object(std::string(kHelp)));
    rule->set("defaultConfiguration", configuration);
    rule->set("properties", properties);
    rules.index.emplace(facts.id, static_cast<int>(rules.array->size()));
    rules.array->add(rule);
  }
  return rules;
}

/// What stays the same when lines move: rule, file, flow and message; the ordinal tells equal ones apart.
class Fingerprints {
 public:
  std::string of(const check::Finding& finding) {
    const char separator = '\0';
    const std::string digest =
        sha256_hex(finding.rule + separator + finding.path + separator + finding.flow_id + separator + finding.message)
            .substr(0, 32);
    return digest + ":" + std::to_string(++seen_[digest]);
  }

 private:
  std::map<std::string, int> seen_;
};

Object::Ptr result_object(const check::Finding& finding, const Rules& rules, Fingerprints& fingerprints) {
  Object::Ptr result = json_object();
  result->set("ruleId", json_string(finding.rule));
  if (const auto found = rules.index.find(finding.rule); found != rules.index.end()) {
    result->set("ruleIndex", found->second);
  }
  result->set("level", level_of(finding.severity));
  result->set("message",
              message_object(finding.hint.empty() ? finding.message : finding.message + "\n" + finding.hint));
  Array::Ptr locations = json_array();
  locations->add(location_object(finding));
  result->set("locations", locations);
  Object::Ptr partial = json_object();
  partial->set("flowship/v1", fingerprints.of(finding));
  result->set("partialFingerprints", partial);
  return result;
}

std::string log_text(const Array::Ptr& rules, const Array::Ptr& results, const Object::Ptr& invocation) {
  Object::Ptr driver = json_object();
  driver->set("name", std::string("flowship"));
  driver->set("semanticVersion", std::string(FLOWSHIP_VERSION));
  driver->set("rules", rules);
  Object::Ptr tool = json_object();
  tool->set("driver", driver);
  Object::Ptr root_of_paths = json_object();
  root_of_paths->set("description", message_object("The root of the repository."));
  Object::Ptr bases = json_object();
  bases->set("SRCROOT", root_of_paths);
  Array::Ptr invocations = json_array();
  invocations->add(invocation);

  Object::Ptr run = json_object();
  run->set("tool", tool);
  run->set("invocations", invocations);
  run->set("originalUriBaseIds", bases);
  run->set("columnKind", std::string("unicodeCodePoints"));
  run->set("results", results);
  Array::Ptr runs = json_array();
  runs->add(run);

  Object::Ptr root = json_object();
  root->set("$schema", std::string("https://json.schemastore.org/sarif-2.1.0.json"));
  root->set("version", std::string("2.1.0"));
  root->set("runs", runs);
  return document_text(root);
}

std::string validation(const Validation& validation, const Style&) {
  const Rules rules = rules_of(validation.findings);
  Fingerprints fingerprints;
  Array::Ptr results = json_array();
  for (const check::Finding& finding : validation.findings) {
    results->add(result_object(finding, rules, fingerprints));
  }
  Object::Ptr invocation = json_object();
  invocation->set("executionSuccessful", true);
  return log_text(rules.array, results, invocation);
}

std::string error(const Error& error) {
  Object::Ptr notification = json_object();
  notification->set("level", std::string("error"));
  notification->set("message",
                    message_object(error.hint().empty() ? error.message() : error.message() + "\n" + error.hint()));
  Array::Ptr notifications = json_array();
  notifications->add(notification);
  Object::Ptr invocation = json_object();
  invocation->set("executionSuccessful", false);
  invocation->set("toolExecutionNotifications", notifications);
  return log_text(json_array(), json_array(), invocation);
}

}  // namespace

Format sarif_format() {
  return {.name = "sarif",
          .summary = "SARIF 2.1.0 of the findings, for code scanning",
          .validation = validation,
          .plan = nullptr,
          .deployment = nullptr,
          .status = nullptr,
          .history = nullptr,
          .error = error};
}

}  // namespace flowship::report
