#include "git/remote/pushed_refs.hpp"

#include "base/error.hpp"
#include "base/text/printable.hpp"
#include "base/text/split.hpp"
#include "git/branch.hpp"
#include "git/library.hpp"
#include "git/remote/user_git.hpp"

#include <git2.h>

namespace flowship::git {

namespace {

Error unknown_form(std::string_view line) {
  return Error("unexpected line for a pushed ref: " + printable(line.substr(0, 200)),
               "git calls this as a hook, with the pushed refs on standard input");
}

/// Nothing for all zeros.
std::optional<ObjectId> id_of(std::string_view hex, std::string_view line) {
  const std::optional<ObjectId> id = ObjectId::from_hex(hex);
  if (!id) throw unknown_form(line);
  return id->is_zero() ? std::nullopt : id;
}

}  // namespace

std::optional<std::string> PushedRef::branch() const { return branch_of_ref(name); }

bool is_ref_name(std::string_view name) {
  if (!name.starts_with("refs/") || name.find('\0') != std::string_view::npos) return false;
  start_library();
  int valid = 0;
  return git_reference_name_is_valid(&valid, std::string(name).c_str()) == 0 && valid == 1;
}

std::vector<PushedRef> received_refs(std::string_view input) {
  std::vector<PushedRef> refs;
  for (const std::string_view line : split(input, '\n')) {
    const std::vector<std::string_view> words = split(line, ' ');
    if (words.size() != 3) throw unknown_form(line);
    refs.push_back({.name = std::string(words[2]), .before = id_of(words[0], line), .after = id_of(words[1], line)});
  }
  return refs;
}

std::vector<NewCommit> new_commits(const Repository& repository, const ObjectId& tip,
                                   const std::vector<std::string>& without) {
  std::vector<std::string> arguments{"rev-list", "--topo-order", "--reverse", "--parents", tip.hex(), "--not"};
  for (const std::string& folder : without) arguments.push_back("--exclude=" + folder + "*");
  arguments.emplace_back("--all");
  const ProcessResult listing = run_git(repository, arguments);
  if (listing.status != 0) throw Error("listing the commits of a push: " + complaint(listing));
  std::vector<NewCommit> commits;
  for (const std::string_view line : split(listing.output, '\n')) {
    NewCommit commit;
    for (const std::string_view word : split(line, ' ')) {
      const std::optional<ObjectId> id = ObjectId::from_hex(word);
      if (!id) throw Error("listing the commits of a push: git rev-list printed an unexpected line");
      if (commit.id.is_zero()) {
        commit.id = *id;
      } else {
        commit.parents.push_back(*id);
      }
    }
    commits.push_back(std::move(commit));
  }
  return commits;
}

std::vector<PushedRef> outgoing_refs(std::string_view input) {
  std::vector<PushedRef> refs;
  for (const std::string_view line : split(input, '\n')) {
    // The local ref may be an expression with spaces.
    const std::vector<std::string_view> words = split(line, ' ');
    if (words.size() < 4) throw unknown_form(line);
    const std::size_t last = words.size() - 1;
    refs.push_back({.name = std::string(words[last - 1]),
                    .before = id_of(words[last], line),
                    .after = id_of(words[last - 2], line)});
  }
  return refs;
}

}  // namespace flowship::git
