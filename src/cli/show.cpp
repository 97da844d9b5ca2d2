#include "base/files/files.hpp"
#include "cli/run.hpp"

#include <ostream>

namespace flowship::cli {

void show(const Invocation& invocation, const std::string& text) {
  const std::string& file = invocation.options.plan_file;
  if (file.empty() || !invocation.format.is_page) {
    invocation.out << text;
  } else {
    write_file_atomically(file, text);
  }
}

}  // namespace flowship::cli
