#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace flowship::check {

enum class Severity { off, note, warning, error };

std::string_view to_text(Severity severity);

/// Where else a finding's cause shows, in the same file.
struct Place {
  /// From 1; columns count characters.
  int line = 1;
  int column = 1;
  /// The task, as messages name it; may be empty.
  std::string task;
};

/// One validation result: one cause, however often it shows.
struct Finding {
  std::string rule;
  Severity severity = Severity::error;
  std::string message;
  /// How to fix it; may be empty.
  std::string hint;
  /// Relative to the repository's root; of a missing file, its path.
  std::string path;
  /// From 1; columns count characters.
  int line = 1;
  int column = 1;
  /// May be empty.
  std::string flow_id;
  /// Of the rule `policy`: the policy's name.
  std::string subject = {};
  /// The further places, in the order of the text.
  std::vector<Place> places = {};
  /// What findings of this rule in other files may share, such as the id of a connector; empty if nothing. Not shown.
  std::string cause = {};
};

/// How many findings there are of each severity.
struct Counts {
  int errors = 0;
  int warnings = 0;
  int notes = 0;
};

Counts count(const std::vector<Finding>& findings);

}  // namespace flowship::check
