#pragma once

#include <iosfwd>
#include <string>

namespace flowship::cli {

/// Asks people, or takes what is proposed in their stead.
class Questions {
 public:
  enum class Answers { asked, proposed };

  /// Answers are lines of `in`, questions go to `out`.
  Questions(Answers answers, std::istream& in, std::ostream& out) : answers_(answers), in_(in), out_(out) {}

  bool are_asked() const { return answers_ == Answers::asked; }
  /// What is answered; `proposed` where that is nothing. Throws `Error` where the input has ended.
  std::string text(const std::string& question, const std::string& proposed);
  /// Yes is proposed; asks until the answer is one.
  bool yes(const std::string& question);

 private:
  std::string line(const std::string& question);

  Answers answers_;
  std::istream& in_;
  std::ostream& out_;
};

}  // namespace flowship::cli
