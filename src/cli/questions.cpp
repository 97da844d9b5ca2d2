#include "cli/questions.hpp"

#include "base/error.hpp"
#include "base/text/letter_case.hpp"
#include "base/text/printable.hpp"

#include <istream>
#include <ostream>

namespace flowship::cli {

std::string Questions::line(const std::string& question) {
  out_ << question << " " << std::flush;
  std::string answer;
  if (!std::getline(in_, answer)) {
    out_ << "\n";
    throw Error("no more input, nothing was done", "--yes accepts the proposed answers");
  }
  const std::size_t begin = answer.find_first_not_of(" \t\r");
  return begin == std::string::npos ? "" : answer.substr(begin, answer.find_last_not_of(" \t\r") + 1 - begin);
}

std::string Questions::text(const std::string& question, const std::string& proposed) {
  if (!are_asked()) return proposed;
  const std::string answer = line(question + (proposed.empty() ? ":" : " [" + printable(proposed) + "]:"));
  return answer.empty() ? proposed : answer;
}

bool Questions::yes(const std::string& question) {
  if (!are_asked()) return true;
  for (;;) {
    const std::string answer = lower_case(line(question + " [Y/n]"));
    if (answer.empty() || answer == "y" || answer == "yes") return true;
    if (answer == "n" || answer == "no") return false;
    out_ << "Please answer y or n.\n";
  }
}

}  // namespace flowship::cli
