#pragma once

#include "daemon/status/status.hpp"

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
  /// The path that is posted to, and what proves that the form is of this process.
  std::string action = {};
  std::string proof = {};
};

std::string form_page(const Form& form, const EnvironmentStatus& environment);

/// A page that says what was done, or why it was not.
struct Message {
  std::string title;
  std::string text;
  std::vector<std::string> warnings;
};

/// Leads back to the environment; to all of them for null.
std::string message_page(const Message& message, const EnvironmentStatus* environment);

}  // namespace flowship::daemon
