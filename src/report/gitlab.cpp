#include "base/digest.hpp"
#include "report/assembly.hpp"
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

Object::Ptr object_of(const Issue& issue) {
  Object::Ptr lines = json_object();
  lines->set("begin", issue.line);
  Object::Ptr location = json_object();
  location->set("path", json_string(issue.path));
  location->set("lines", lines);
  Object::Ptr object = json_object();
  object->set("description", json_string(issue.description));
  object->set("check_name", json_string(issue.check));
  object->set("fingerprint", issue.fingerprint);
  object->set("severity", issue.severity);
  object->set("location", location);
  return object;
}

std::string with_hint(const std::string& message, const std::string& hint) {
  return hint.empty() ? message : message + " (" + hint + ")";
}

std::string validation(const Validation& validation, const Style&) {
  Array::Ptr issues = json_array();
  Fingerprints fingerprints;
  for (const check::Finding& finding : validation.findings) {
    issues->add(object_of({.description = with_hint(finding.message, finding.hint),
                           .check = finding.rule,
                           .fingerprint = fingerprints.of(finding),
                           .severity = severity_of(finding.severity),
                           .path = finding.path,
                           .line = finding.line}));
  }
  return document_text(issues);
}

/// A report that can't be made is no clean one.
std::string error(const Error& error) {
  Array::Ptr issues = json_array();
  issues->add(object_of({.description = with_hint(error.message(), error.hint()),
                         .check = "flowship",
                         .fingerprint = sha256_hex(error.message()),
                         .severity = "blocker",
                         .path = "."}));
  return document_text(issues);
}

}  // namespace

Format gitlab_format() {
  return {.name = "gitlab",
          .summary = "a code quality report of the findings, for GitLab",
          .validation = validation,
          .error = error};
}

}  // namespace flowship::report
