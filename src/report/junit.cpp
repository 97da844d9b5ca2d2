#include "report/causes.hpp"
#include "report/html/markup.hpp"
#include "report/wording.hpp"
#include "report/writers.hpp"

namespace flowship::report {

namespace {

struct Case {
  std::string name;
  std::string class_name;
  /// The element that says why it did not pass (`failure`, `error`, `skipped`); empty for one that passed.
  std::string_view element = {};
  std::string type = {};
  std::string message = {};
  std::string details = {};
};

std::string case_text(const Case& test) {
  std::string text = "    <testcase name=\"" + markup_text(test.name) + "\" classname=\"" +
                     markup_text(test.class_name) + "\" time=\"0\"";
  if (test.element.empty() && test.details.empty()) return text + "/>\n";
  text += ">\n";
  if (test.element.empty()) {
    text += "      <system-out>" + markup_text(test.details) + "</system-out>\n";
  } else {
    const std::string element(test.element);
    text += "      <" + element + " message=\"" + markup_text(test.message) + "\"";
    if (test.element != "skipped") text += " type=\"" + markup_text(test.type) + "\"";
    text += ">" + markup_text(test.details) + "</" + element + ">\n";
  }
  return text + "    </testcase>\n";
}

std::string suite_text(std::string_view name, const std::vector<Case>& cases) {
  const auto number = [&](std::string_view element) {
    int found = 0;
    for (const Case& test : cases) found += test.element == element ? 1 : 0;
    return std::to_string(found);
  };
  std::string text = "  <testsuite name=\"" + markup_text(name) + "\" tests=\"" + std::to_string(cases.size()) +
                     "\" failures=\"" + number("failure") + "\" errors=\"" + number("error") + "\" skipped=\"" +
                     number("skipped") + "\" time=\"0\">\n";
  for (const Case& test : cases) text += case_text(test);
  return text + "  </testsuite>\n";
}

std::string junit_document(const std::string& suites) {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"flowship\">\n" + suites + "</testsuites>\n";
}

Case case_of(const check::Finding& finding) {
  const std::string place = place_of(finding);
  Case test{.name = finding.rule + " at " + place,
            .class_name = finding.flow_id.empty() ? finding.path : finding.flow_id,
            .type = finding.rule,
            .message = finding.message,
            .details = place + ": " + with_places_inline(finding)};
  if (finding.severity == check::Severity::error) test.element = "failure";
  return test;
}

/// One suite per severity; only errors fail.
std::string suites_of(const std::vector<check::Finding>& findings) {
  std::string suites;
  for (const auto& [severity, name] :
       {std::pair(check::Severity::error, "errors"), std::pair(check::Severity::warning, "warnings"),
        std::pair(check::Severity::note, "notes")}) {
    std::vector<Case> cases;
    for (const check::Finding& finding : findings) {
      if (finding.severity == severity) cases.push_back(case_of(finding));
    }
    if (!cases.empty()) suites += suite_text(name, cases);
  }
  return suites;
}

std::string validation_junit(const Validation& validation, const Style&) {
  std::string suites = suites_of(validation.findings);
  // Many readers reject a report without a case.
  if (suites.empty()) {
    suites = suite_text(
        "flows", {{.name = std::to_string(validation.flows) + " flows without findings", .class_name = "flowship"}});
  }
  return junit_document(suites);
}

std::string deployment_junit(const deploy::Deployment& deployment, const Style&) {
  std::vector<Case> cases;
  for (const deploy::FlowResult& result : deployment.flows) {
    Case test{.name = std::string(to_text(result.action)) + " " + result.flow_id, .class_name = deployment.environment};
    if (!is_done(result.outcome)) {
      test.element = result.outcome == deploy::FlowOutcome::skipped ? "skipped" : "failure";
      test.type = to_text(result.outcome);
      test.message = result.error.empty() ? test.type : result.error;
      test.details = result.hint;
    }
    cases.push_back(std::move(test));
  }
  if (cases.empty()) cases.push_back({.name = "nothing to do", .class_name = deployment.environment});
  return junit_document(suite_text("deploy " + deployment.environment, cases));
}

std::string refusal_junit(const Refusal& refusal) {
  const Error& error = refusal.error;
  return junit_document(suites_of(refusal.findings) + suite_text("flowship", {{.name = "flowship",
                                                                               .class_name = "flowship",
                                                                               .element = "error",
                                                                               .type = "error",
                                                                               .message = error.message(),
                                                                               .details = error.hint()}}));
}

std::string error_junit(const Error& error) { return refusal_junit({error, {}}); }

}  // namespace

Format junit_format() {
  return {.name = "junit",
          .summary = "JUnit XML of findings or outcomes, for CI servers",
          .validation = validation_junit,
          .deployment = deployment_junit,
          .error = error_junit,
          .refusal = refusal_junit};
}

}  // namespace flowship::report
