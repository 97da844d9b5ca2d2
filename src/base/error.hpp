#pragma once

#include <exception>
#include <string>
#include <string_view>

namespace flowship {

/// How an error ends a command; `cli/` maps it to exit codes.
enum class Fault { failed, invalid, partial, drifted, held, credentials, usage, interrupted, terminated };

/// The one exception for "cannot go on". What is ordinary (findings, outcomes) is a value instead.
class Error : public std::exception {
 public:
  explicit Error(std::string message, std::string hint = {}, Fault fault = Fault::failed);

  /// Adds where it happened while unwinding ("reading flows/sign-up/contents.json at 1a2b3c"); the outermost comes
  /// first.
  Error& within(std::string_view context);

  /// Contexts and message in one line, without the hint.
  const std::string& message() const { return message_; }
  /// What the user can do about it; may be empty.
  const std::string& hint() const { return hint_; }
  Fault fault() const { return fault_; }
  const char* what() const noexcept override { return message_.c_str(); }

 private:
  std::string message_;
  std::string hint_;
  Fault fault_;
};

/// An error in how the program was called (exit code 64).
Error usage_error(std::string message, std::string hint = {});

}  // namespace flowship
