#pragma once

#include <iosfwd>
#include <string>

namespace flowship::cli {

/// Asks the user, or takes the proposed answers.
class Questions {
 public:
  enum class Answers { asked, proposed };

  /// Reads answers as lines from `in` and writes questions to `out`.
  Questions(Answers answers, std::istream& in, std::ostream& out) : answers_(answers), in_(in), out_(out) {}

  bool are_asked() const { return answers_ == Answers::asked; }
  /// The answer; `proposed` if it is empty. Throws `Error` at the end of the input.
  std::string text(const std::string& question, const std::string& proposed);
  /// Yes or no, yes by default; repeats the question until it is answered.
  bool yes(const std::string& question);

 private:
  std::string line(const std::string& question);

  Answers answers_;
  std::istream& in_;
  std::ostream& out_;
};

}  // namespace flowship::cli
