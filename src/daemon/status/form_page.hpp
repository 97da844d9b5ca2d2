#pragma once

#include <string>
#include <vector>

namespace flowship::daemon {

/// A page that asks before something is done.
struct Form {
  std::string title;
  std::string question;
  /// What is lost by it, as sentences.
  std::vector<std::string> edits;
  std::string button;
  /// Where to go instead.
  std::string back;
  /// The path that is posted to, and what proves that the form is of this process.
  std::string action = {};
  std::string proof = {};
};

std::string form_page(const Form& form);

/// A page that says what was done.
struct Done {
  std::string title;
  std::string text;
  std::vector<std::string> warnings;
  std::string back;
};

std::string done_page(const Done& done);

}  // namespace flowship::daemon
