#include "base/digest.hpp"
#include "json/assembly.hpp"
#include "report/writers.hpp"

#include <map>

namespace flowship::report {

namespace {

/// GitLab knows info, minor, major, critical and blocker.
std::string severity_of(check::Severity severity) {
  switch (severity) {
    case check::Severity::error:
      return "critical";
    case check::Severity::warning:
      return "minor";
    default:
      return "info";
  }
}

/// What tells GitLab that a finding of two commits is the same: not its line, which moves with the text above it. The
/// second of the same kind in a file is another, and so on.
class Fingerprints {
 public:
  std::string of(const check::Finding& finding) {
    const std::string what = finding.rule + '\0' + finding.path + '\0' + finding.flow_id + '\0' + finding.message;
    return sha256_hex(what + '\0' + std::to_string(seen_[what]++));
  }

 private:
  std::map<std::string, int> seen_;
};

struct Issue {
  std::string description;
  std::string check;
  std::string fingerprint;
  std::string severity;
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

std::string with_hint(const std::string& message, const std::string& hint) {
  return hint.empty() ? message : message + " (" + hint + ")";
}

std::string validation(const Validation& validation, const Style&) {
  Fingerprints fingerprints;
  return json::document_text(json::array(validation.findings, [&](const check::Finding& finding) {
    return issue_text({.description = with_hint(finding.message, finding.hint),
                       .check = finding.rule,
                       .fingerprint = fingerprints.of(finding),
                       .severity = severity_of(finding.severity),
                       .path = finding.path,
                       .line = finding.line});
  }));
}

/// A report that can't be made is no clean one.
std::string error(const Error& error) {
  return json::document_text(json::array({issue_text({.description = with_hint(error.message(), error.hint()),
                                                      .check = "flowship",
                                                      .fingerprint = sha256_hex(error.message()),
                                                      .severity = "blocker",
                                                      .path = "."})}));
}

}  // namespace

Format gitlab_format() {
  return {.name = "gitlab",
          .summary = "a code quality report of the findings, for GitLab",
          .validation = validation,
          .error = error};
}

}  // namespace flowship::report
