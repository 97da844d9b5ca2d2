#include "git/objects/entry_limits.hpp"

#include "base/error.hpp"
#include "base/text/letter_case.hpp"
#include "base/text/printable.hpp"
#include "base/text/utf8.hpp"

#include <algorithm>
#include <string>

namespace flowship::git {

namespace {

/// Characters that a file system of macOS ignores in names, in UTF-8.
constexpr std::string_view kIgnoredInNames[] = {
    "\u200c", "\u200d", "\u200e", "\u200f", "\u202a", "\u202b", "\u202c", "\u202d",
    "\u202e", "\u206a", "\u206b", "\u206c", "\u206d", "\u206e", "\u206f", "\ufeff",
};

Error beyond(const std::string& message) {
  return Error(message, "leave the folder out with `sources` in flowship.json", Fault::invalid);
}

Error no_source(std::string_view path) {
  return Error(printable(path) + " leads into a git directory, so it can't be a source", "remove it from the revision",
               Fault::invalid);
}

std::string shown(std::string_view path) { return printable(truncated(path, 80)); }

}  // namespace

bool is_git_folder(std::string_view name) {
  constexpr std::string_view kFirst = ".gG\xe2\xef";
  if (name.empty() || kFirst.find(name.front()) == std::string_view::npos) return false;
  std::string folded = lower_case(name);
  for (const std::string_view ignored : kIgnoredInNames) {
    for (std::size_t at = folded.find(ignored); at != std::string::npos; at = folded.find(ignored)) {
      folded.erase(at, ignored.size());
    }
  }
  folded.erase(std::min(folded.find(':'), folded.size()));
  folded.erase(folded.find_last_not_of(". ") + 1);
  return folded == ".git" || folded == "git~1";
}

bool leads_into_git(std::string_view path) {
  for (std::size_t begin = 0; begin < path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    if (is_git_folder(path.substr(begin, end - begin))) return true;
    begin = end + 1;
  }
  return false;
}

void EntryLimits::count(std::string_view folder, int depth, std::string_view name) {
  if (is_git_folder(name)) throw no_source(std::string(folder) + std::string(name));
  if (depth > kMostFolders) {
    throw beyond("folders are nested too deeply, and the limit is " + std::to_string(kMostFolders) + ": " +
                 shown(folder));
  }
  path_bytes_ += folder.size() + name.size();
  if (++entries_ > kMostEntries || path_bytes_ > kMostPathBytes) {
    throw beyond("there are too many files and folders: the limit is " + std::to_string(kMostEntries) +
                 ", with paths of 128 MiB, and was reached at " + shown(folder));
  }
}

void EntryLimits::count(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  const std::string_view folder = slash == std::string_view::npos ? std::string_view() : path.substr(0, slash + 1);
  if (leads_into_git(folder)) throw no_source(path);
  count(folder, static_cast<int>(std::count(folder.begin(), folder.end(), '/')), path.substr(folder.size()));
}

}  // namespace flowship::git
