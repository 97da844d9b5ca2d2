#include "git/shallow.hpp"

#include "base/files/files.hpp"
#include "base/text/split.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace flowship::git {

std::vector<ObjectId> shallow_commits(const Repository& repository) {
  // As gitrepository-layout(5) has it; git has no command that lists them.
  const std::optional<std::string> text = read_file(repository.common_directory() / "shallow");
  std::vector<ObjectId> commits;
  if (!text) return commits;
  for (const std::string_view line : split(*text, '\n')) {
    if (const std::optional<ObjectId> commit = ObjectId::from_hex(std::string(line))) commits.push_back(*commit);
  }
  return commits;
}

}  // namespace flowship::git
