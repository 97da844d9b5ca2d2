#include "base/digest.hpp"
#include "json/assembly.hpp"
#include "report/causes.hpp"
#include "report/wording.hpp"
#include "report/writers.hpp"

namespace flowship::report {

namespace {

/// GitLab knows info, minor, major, critical and blocker.
std::string_view gitlab_severity(check::Severity severity) {
  if (severity == check::Severity::error) return "critical";
  return severity == check::Severity::warning ? "minor" : "info";
}

struct Issue {
  std::string description;
  std::string check;
  std::string fingerprint;
  std::string_view severity;
  std::string path;
  int line = 1;
};

json::Text issue_text(const Issue& issue) {
  const json::Text location = json::object({{"path", issue.path}, {"lines", json::object({{"begin", issue.line}})}});
  return json::object({
      {"description", issue.description},
      {"check_name", issue.check},
      {"fingerprint", issue.fingerprint},
      {"severity", issue.severity},
      {"location", location},
  });
}

std::string validation_gitlab(const Validation& validation, const Style&) {
  Fingerprints fingerprints;
  return json::document_text(json::array(validation.findings, [&](const check::Finding& finding) {
    return issue_text({.description = with_places_inline(finding),
                       .check = finding.rule,
                       .fingerprint = fingerprints.of(finding),
                       .severity = gitlab_severity(finding.severity),
                       .path = finding.path,
                       .line = finding.line});
  }));
}

/// A report that can't be produced must not look like a clean one.
std::string error_gitlab(const Error& error) {
  return json::document_text(json::array({issue_text({.description = with_hint_inline(error.message(), error.hint()),
                                                      .check = "flowship",
                                                      .fingerprint = sha256_hex(error.message()),
                                                      .severity = "blocker",
                                                      .path = "."})}));
}

}  // namespace

Format gitlab_format() {
  return {.name = "gitlab",
          .summary = "code quality report of the findings, for GitLab",
          .validation = validation_gitlab,
          .error = error_gitlab};
}

}  // namespace flowship::report
